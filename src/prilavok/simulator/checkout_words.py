"""What the sample shop's checkout and its thank-you page say, in three languages."""

from collections.abc import Mapping

COUNTRIES = ("UA", "PL", "GB", "DE", "FR", "SE", "US", "RU")
METHODS = ("courier", "post", "pickup")
PAYMENTS = ("cod", "card")
# What the shop's warehouse can report, in the order in which it usually happens.
MOVES = ("packed", "shipped", "out_for_delivery", "failed_attempt", "delayed", "arrived_at_pickup", "delivered")

CHECKOUT: Mapping[str, Mapping[str, str]] = {
    "ru": {
        "title": "Оформить заказ", "goods": "Что берём", "sum": "Итого", "who": "Кому", "name": "Имя",
        "phone": "Телефон", "email": "Почта", "telegram": "Войти через Telegram",
        "telegram_why": "Магазин сможет писать Вам и туда. Откроет с ним разговор, как кнопка «Начать».",
        "telegram_in": "Вы вошли через Telegram: магазин может писать туда.",
        "where": "Куда", "country": "Страна", "city": "Город", "address": "Адрес или отделение",
        "method": "Как доставить", "courier": "Курьером", "post": "В отделение", "pickup": "Заберу в магазине",
        "payment": "Как платить", "cod": "При получении", "card": "Картой сейчас",
        "comment": "Комментарий к заказу", "hint": "Всё, что нам и курьеру нужно знать",
        "samples": "Например:", "place": "Заказать", "nothing": "Выберите хотя бы одну вещь.",
        "missing": "Нужны имя и телефон или почта.", "failed": "Магазин не принял заказ. Попробуйте ещё раз.",
        "UA": "Украина", "PL": "Польша", "GB": "Великобритания", "DE": "Германия", "FR": "Франция", "SE": "Швеция",
        "US": "США", "RU": "Россия", "default_city": "Одесса", "default_address": "Садовая, 12, кв. 45",
        "default_country": "UA",
        "sample_1": "не звоните, пишите в телеграм, домофон 45К",
        "sample_2": "Доставка с 10 до 14, сдача с 100",
        "sample_3": "Позвоните за час до приезда",
        "sample_4": "Как договаривались с Оксаной",
    },
    "uk": {
        "title": "Оформити замовлення", "goods": "Що беремо", "sum": "Разом", "who": "Кому", "name": "Ім’я",
        "phone": "Телефон", "email": "Пошта", "telegram": "Увійти через Telegram",
        "telegram_why": "Крамниця зможе писати Вам і туди. Відкриє з нею розмову, як кнопка «Почати».",
        "telegram_in": "Ви увійшли через Telegram: крамниця може писати туди.",
        "where": "Куди", "country": "Країна", "city": "Місто", "address": "Адреса або відділення",
        "method": "Як доставити", "courier": "Кур’єром", "post": "У відділення", "pickup": "Заберу в крамниці",
        "payment": "Як платити", "cod": "Під час отримання", "card": "Карткою зараз",
        "comment": "Коментар до замовлення", "hint": "Усе, що нам і кур’єрові слід знати",
        "samples": "Наприклад:", "place": "Замовити", "nothing": "Виберіть бодай одну річ.",
        "missing": "Потрібні ім’я та телефон або пошта.", "failed": "Крамниця не прийняла замовлення. Спробуйте ще раз.",
        "UA": "Україна", "PL": "Польща", "GB": "Велика Британія", "DE": "Німеччина", "FR": "Франція", "SE": "Швеція",
        "US": "США", "RU": "Росія", "default_city": "Київ", "default_address": "вул. Садова, 12, кв. 45",
        "default_country": "UA",
        "sample_1": "не дзвоніть, пишіть у телеграм, домофон 45К",
        "sample_2": "Доставка з 10 до 14, решта зі 100",
        "sample_3": "Зателефонуйте за годину до приїзду",
        "sample_4": "Як домовлялися з Оксаною",
    },
    "en": {
        "title": "Place an order", "goods": "What you take", "sum": "Total", "who": "For whom", "name": "Name",
        "phone": "Telephone", "email": "E-mail", "telegram": "Sign in with Telegram",
        "telegram_why": "The shop may then write to you there too. It opens a chat with it, as Start does.",
        "telegram_in": "You are signed in with Telegram: the shop may write there.",
        "where": "Where to", "country": "Country", "city": "City", "address": "Address or branch",
        "method": "How it comes", "courier": "By courier", "post": "To a parcel shop", "pickup": "I fetch it",
        "payment": "How you pay", "cod": "On receipt", "card": "By card, now",
        "comment": "Comment", "hint": "Whatever we and the courier should know",
        "samples": "For example:", "place": "Place the order", "nothing": "Choose at least one thing.",
        "missing": "A name and a telephone or an e-mail address are needed.",
        "failed": "The shop did not take the order. Try once more.",
        "UA": "Ukraine", "PL": "Poland", "GB": "United Kingdom", "DE": "Germany", "FR": "France", "SE": "Sweden",
        "US": "United States", "RU": "Russia", "default_city": "London", "default_address": "12 Mill Lane, flat 45",
        "default_country": "GB",
        "sample_1": "Please don't call, write to me on Telegram, door code 45K",
        "sample_2": "Deliver between 10 and 14, change from 100",
        "sample_3": "Call me an hour before you arrive",
        "sample_4": "As agreed with Oksana",
    },
}  # fmt: skip

THANKS: Mapping[str, Mapping[str, str]] = {
    "ru": {
        "title": "Спасибо, заказ {number} у нас",
        "next": "О каждом шаге напишем туда, куда Вы просили. Без просьбы не звоним.",
        "phone": "Открыть телефон", "more": "Заказать ещё", "order": "Заказ глазами магазина",
        "warehouse": "А теперь Вы склад магазина",
        "warehouse_why": "Сообщите магазину, что стало с посылкой, и посмотрите на телефон покупателя.",
        "courier_page": "Страница курьера", "told": "Сообщено", "placed": "заказ сделан", "paid": "оплачен",
        "packed": "Упакован", "shipped": "Отправлен", "out_for_delivery": "Курьер выехал",
        "failed_attempt": "Никого не застали", "delayed": "Задерживается", "arrived_at_pickup": "Ждёт в пункте",
        "delivered": "Вручён", "gone": "Магазин перезапущен и больше не помнит этого заказа.",
        "failed": "Магазин не принял сообщения. Попробуйте ещё раз.",
    },
    "uk": {
        "title": "Дякуємо, замовлення {number} у нас",
        "next": "Про кожен крок напишемо туди, куди Ви просили. Без прохання не дзвонимо.",
        "phone": "Відкрити телефон", "more": "Замовити ще", "order": "Замовлення очима крамниці",
        "warehouse": "А тепер Ви склад крамниці",
        "warehouse_why": "Повідомте крамницю, що сталося з посилкою, і погляньте на телефон покупця.",
        "courier_page": "Сторінка кур’єра", "told": "Повідомлено", "placed": "замовлено", "paid": "сплачено",
        "packed": "Запаковано", "shipped": "Надіслано", "out_for_delivery": "Кур’єр виїхав",
        "failed_attempt": "Нікого не застали", "delayed": "Затримується", "arrived_at_pickup": "Чекає у відділенні",
        "delivered": "Вручено", "gone": "Крамницю перезапущено, і вона вже не пам’ятає цього замовлення.",
        "failed": "Крамниця не прийняла повідомлення. Спробуйте ще раз.",
    },
    "en": {
        "title": "Thank you, we have order {number}",
        "next": "We write about every step to where you asked us to. We do not call unasked.",
        "phone": "Open the telephone", "more": "Order something else", "order": "The order as the shop sees it",
        "warehouse": "And now you are the shop's warehouse",
        "warehouse_why": "Tell the shop what became of the parcel, and look at the customer's telephone.",
        "courier_page": "The courier's page", "told": "Told so far", "placed": "placed", "paid": "paid",
        "packed": "Packed", "shipped": "Shipped", "out_for_delivery": "Courier on the way",
        "failed_attempt": "Nobody at home", "delayed": "Delayed", "arrived_at_pickup": "At the parcel shop",
        "delivered": "Delivered", "gone": "The shop was started anew and does not remember this order.",
        "failed": "The shop did not take the news. Try once more.",
    },
}  # fmt: skip
