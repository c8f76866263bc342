"""English. Plain and polite, three sentences at most: who writes, why, what comes next."""

from prilavok.domain.phrases.phrase import Phrase

HELLO = "Hello! This is {shop}: "

LABELS = {
    "confirm": "Confirm",
    "change": "Change",
    "cancel": "Cancel",
    "slot": "Choose a time",
    "ok": "That's fine",
    "pay": "Pay",
    "see": "See the order",
}
ANSWER = "Reply with a number: {choices}."
OR = " or "
STOP = "No more of these: {unsubscribe}"
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
SUBJECT = "Order {number}"

CALLED_ABOUT = {
    "out_for_delivery": "the courier is bringing it today",
    "courier_on_the_way": "the courier is on the way to you",
    "courier_arrived": "the courier is waiting for you",
    "courier_no_answer": "the courier missed you",
    "failed_attempt": "it could not be delivered and needs another time",
    "slot_offer": "please choose a day and a time for the delivery",
    "pickup_reminder": "it is waiting at the pickup point",
    "arrived_at_pickup": "it is waiting at the pickup point",
    "delayed": "the delivery is late",
}
SAMPLE = {
    "number": "1047",
    "total": "£125",
    "due": "£125",
    "day": "24 November",
    "from": "18:00",
    "to": "20:00",
    "place": "5 High Street",
    "reason": "heavy snow",
    "carrier": "DPD",
    "tracking": "1234567890",
    "courier": "Oliver",
    "called_at": "18:40",
    "name": "Olivia",
    "link": "https://shop.example/o/8kQz3",
    "shop": "Shop",
}

TEXTS = {
    "placed": Phrase(
        "we have your order {number} for {total}, thank you! | we have your order {number}, thank you!",
        "Nothing to confirm: we will write as soon as it is on its way.",
        "order {number} received, thank you! We will write when it ships.",
    ),
    "placed.tap": Phrase(
        "we have your order {number} for {total}, thank you! | we have your order {number}, thank you!",
        "Please confirm it here: we will not call.",
        "order {number} received. Please confirm it.",
    ),
    "placed.prepay": Phrase(
        "we have your order {number} for {total}, thank you! | we have your order {number}, thank you!",
        "We will send it as soon as it is paid for.",
        "order {number} received. We will send it once it is paid.",
    ),
    "placed.person": Phrase(
        "we have your order {number} for {total}, thank you! | we have your order {number}, thank you!",
        "We will look it over and write to you here.",
        "order {number} received. We will look it over and write to you.",
    ),
    "placed.slot": Phrase(
        "we have your order {number} for {total}, thank you! | we have your order {number}, thank you!",
        "There is nothing to confirm. When shall we bring it? Choose a day and a time.",
        "order {number} received, thank you. Choose a day and a time for it.",
    ),
    "confirm_again": Phrase(
        "order {number} is still waiting for your confirmation.",
        "We will start packing as soon as we have it.",
        "order {number} is waiting for your confirmation.",
    ),
    "confirmed": Phrase(
        "order {number} is confirmed, we are packing it.",
        "It will come on {day} between {from} and {to}. | It will come on {day}. | We will write when it ships.",
        "order {number} is confirmed, we are packing it.",
    ),
    "confirmed.slot": Phrase(
        "order {number} is confirmed, we are packing it.",
        "When shall we bring it? Choose a day and a time.",
        "order {number} is confirmed. Choose a day and a time for it.",
    ),
    "changed": Phrase(
        "order {number} was changed, it is now {total}. | order {number} was changed.",
        "If something is wrong, just reply.",
        "order {number} was changed, now {total}. | order {number} was changed.",
    ),
    "cancelled": Phrase(
        "order {number} is cancelled: {reason}. | order {number} is cancelled.",
        "If that is a mistake, reply and we will put it right.",
        "order {number} is cancelled. A mistake? Write to us.",
    ),
    "paid": Phrase(
        "we have your payment of {total} for order {number}, thank you! | "
        "we have your payment for order {number}, thank you!",
        "",
        "payment for order {number} received.",
    ),
    "payment_failed": Phrase(
        "the payment for order {number} did not go through.",
        "Please try again, or reply and we will help.",
        "payment for order {number} failed, please try again.",
    ),
    "payment_reminder": Phrase(
        "order {number} for {total} is waiting for its payment. | order {number} is waiting for its payment.",
        "We will start packing once it is there.",
        "order {number} is waiting for its payment.",
    ),
    "prepay_request": Phrase(
        "to send order {number} we need a prepayment of {total}. | to send order {number} we need a prepayment.",
        "It will leave right after that.",
        "order {number} needs a prepayment before we send it.",
    ),
    "refunded": Phrase(
        "the money for order {number} is on its way back: {total}. | the money for order {number} is on its way back.",
        "Your bank will show it within a few days.",
        "order {number} is refunded, your bank will show it in a few days.",
    ),
    "packed": Phrase(
        "order {number} is packed.", "We will write when it leaves.", "order {number} is packed, it ships soon."
    ),
    "shipped": Phrase(
        "order {number} is with {carrier}, parcel number {tracking}. | order {number} is with {carrier}. | "
        "order {number} is on its way, parcel number {tracking}. | order {number} is on its way.",
        "Expect it on {day}. | We will write when it is near.",
        "order {number} is on its way, {carrier} {tracking}. | order {number} is on its way.",
    ),
    "arrived_at_pickup": Phrase(
        "order {number} is ready for you: {place}. | order {number} is ready at the pickup point.",
        "It is kept until {day}. | Bring your phone: you may get a code.",
        "order {number} is ready: {place}. | order {number} is ready at the pickup point.",
    ),
    "pickup_reminder": Phrase(
        "order {number} is still waiting for you: {place}. | order {number} is still waiting at the pickup point.",
        "It is kept until {day} and then goes back. | It goes back soon.",
        "order {number} is kept until {day}. | order {number} is still waiting for you.",
    ),
    "out_for_delivery": Phrase(
        "order {number} is with the courier and comes today between {from} and {to}. | "
        "order {number} is with the courier and comes today.",
        "Please have {due} ready.",
        "order {number} comes today {from}-{to}. | order {number} comes today.",
    ),
    "courier_on_the_way": Phrase(
        "the courier with order {number} is on the way, there by {to}. | "
        "the courier with order {number} is on the way to you.",
        "If anything has changed, reply here.",
        "the courier with order {number} is there by {to}. | the courier with order {number} is on the way.",
    ),
    "courier_arrived": Phrase(
        "the courier with order {number} has arrived: {place}. | the courier with order {number} has arrived.",
        "Please meet them.",
        "the courier with order {number} has arrived, please meet them.",
    ),
    "courier_no_answer": Phrase(
        "our courier {courier} came with order {number}, called you at {called_at} and could not reach you. | "
        "our courier came with order {number}, called you at {called_at} and could not reach you. | "
        "our courier {courier} came with order {number} and could not reach you. | "
        "our courier came with order {number} and could not reach you.",
        "Choose another time and we will bring it again.",
        "the courier called you at {called_at} about order {number}. Choose another time. | "
        "the courier with order {number} missed you. Choose another time.",
    ),
    "courier_correction": Phrase(
        "our last message about order {number} was a mistake.",
        "Sorry for the confusion: we will write when there is news.",
        "our last message about order {number} was a mistake, sorry.",
    ),
    "delivered": Phrase(
        "order {number} has been delivered.", "Thank you for choosing us!", "order {number} delivered, thank you!"
    ),
    "failed_attempt": Phrase(
        "order {number} could not be delivered: {reason}. | order {number} could not be delivered.",
        "Choose a time that suits you and we will bring it again.",
        "order {number} was not delivered. Choose another time.",
    ),
    "delayed": Phrase(
        "order {number} is late: {reason}. | order {number} is late, we are sorry.",
        "The new date is {day}. | We will write as soon as we know the new date.",
        "order {number} is late, new date {day}. | order {number} is late, sorry.",
    ),
    "stuck": Phrase(
        "the parcel with order {number} has not moved for a while, we have noticed.",
        "We are asking {carrier} and will write what we learn. | We are asking and will write what we learn.",
        "the parcel with order {number} is held up, we are asking.",
    ),
    "returned": Phrase(
        "order {number} has come back to us.",
        "If you have paid for it, we will refund you the same way.",
        "order {number} has come back to us. If you paid, we will refund you.",
    ),
    "slot_offer": Phrase(
        "order {number} is ready to be delivered.",
        "Please choose a day and a time.",
        "order {number} is ready, choose a delivery time.",
    ),
    "slot_confirmed": Phrase(
        "we will bring order {number} on {day} between {from} and {to}. | we will bring order {number} on {day}. | "
        "the delivery time of order {number} is noted.",
        "If your plans change, reply here.",
        "order {number} comes on {day} {from}-{to}. | the delivery time of order {number} is noted.",
    ),
    "slot_reminder": Phrase(
        "a reminder: we will bring order {number} on {day} between {from} and {to}. | "
        "a reminder: we will bring order {number} on {day}. | a reminder of the delivery of order {number}.",
        "If that does not suit you, it can still be moved.",
        "order {number} comes on {day} {from}-{to}. | a reminder of the delivery of order {number}.",
    ),
    "incident": Phrase(
        "there is a hitch with order {number}: {reason}. | there is a hitch with order {number}.",
        "We will write here as soon as it is solved.",
        "a hitch with order {number}: {reason}. | a hitch with order {number}, we will write soon.",
    ),
    "missed_call": Phrase(
        "sorry, we did not get to the telephone when you called. We have your order {number} before us. | "
        "sorry, we did not get to the telephone when you called.",
        "Write here what it is about, and we will answer.",
        "sorry, we missed your call. Order {number}: write here what it is about. | "
        "sorry, we missed your call. Write here what it is about.",
    ),
    "unanswered_call": Phrase(
        "we have just called you about order {number}: {reason}. | we have just called you about order {number}.",
        "No need to call back, you can answer here.",
        "we called about order {number}: {reason}. Please answer here. | "
        "we called about order {number}. You can answer by message.",
    ),
}
