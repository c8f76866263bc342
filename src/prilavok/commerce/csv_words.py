"""What shops call the columns of their exports, and the states of their orders, in Russian, Ukrainian and English."""

from collections.abc import Mapping

from prilavok.domain.order import Happened

COLUMNS: Mapping[str, str] = {  # field: names, in lower case, ё as е, without signs
    "external_id": "id|order id|external id|ид|идентификатор|ідентифікатор|id заказа|id замовлення",
    "number": (
        "number|no|order|order no|order number|name of order|номер|номер заказа|заказ|№|№ заказа|n заказа|"
        "номер замовлення|замовлення|№ замовлення"
    ),
    "placed_at": (
        "date|created|created at|placed at|order date|date created|дата|дата заказа|дата создания|создан|оформлен|"
        "дата оформления|дата замовлення|дата створення|створено|оформлено|дата оформлення"
    ),
    "updated_at": (
        "updated|updated at|modified|date modified|изменен|дата изменения|обновлен|змінено|дата зміни|оновлено"
    ),
    "total": (
        "total|order total|sum|amount|grand total|итого|сумма|сумма заказа|стоимость|всего|к оплате|разом|сума|"
        "сума замовлення|усього|вартість|до сплати"
    ),
    "currency": "currency|валюта",
    "status": "status|state|order status|статус|статус заказа|состояние|стан|статус замовлення",
    "paid": "paid|is paid|payment status|оплачен|оплачено|оплата получена|статус оплаты|сплачено|статус оплати",
    "payment": "payment|payment method|оплата|способ оплаты|метод оплаты|тип оплаты|спосіб оплати|метод оплати",
    "name": (
        "customer|customer name|name|buyer|client|full name|recipient|имя|фио|покупатель|клиент|заказчик|получатель|"
        "имя покупателя|имя клиента|імя|піб|покупець|клієнт|замовник|отримувач|імя покупця"
    ),
    "phone": (
        "phone|customer phone|phone number|telephone|mobile|tel|телефон|тел|номер телефона|мобильный|"
        "телефон покупателя|"
        "телефон клиента|телефон получателя|номер телефону|мобільний|телефон покупця|телефон клієнта|телефон отримувача"
    ),
    "email": "email|e mail|mail|customer email|почта|эл почта|электронная почта|пошта|ел пошта|електронна пошта|емейл",
    "language": "language|locale|язык|мова",
    "country": "country|country code|страна|країна|код страны|код країни",
    "city": "city|town|город|населенный пункт|місто|населений пункт",
    "address": (
        "address|shipping address|delivery address|street|адрес|адрес доставки|улица|отделение|адреса|адреса доставки|"
        "вулиця|відділення"
    ),
    "method": "delivery|delivery method|shipping|shipping method|доставка|способ доставки|спосіб доставки",
    "carrier": "carrier|courier service|служба доставки|перевозчик|перевізник|транспортная компания",
    "tracking": (
        "tracking|tracking number|track|ttn|awb|трек|трек номер|ттн|накладная|номер накладной|трекномер|"
        "накладна|номер накладної"
    ),
    "comment": (
        "comment|comments|note|notes|customer note|customer comment|order comment|комментарий|комментарий покупателя|"
        "комментарий клиента|комментарий к заказу|примечание|пожелания|коментар|коментар покупця|коментар клієнта|"
        "коментар до замовлення|примітка|побажання"
    ),
    "sku": "sku|article|vendor code|item sku|артикул|код товара|код товару|код",
    "item": (
        "item|product|product name|item name|line item|товар|наименование|название|название товара|"
        "назва|найменування|назва товару"
    ),
    "quantity": "quantity|qty|pieces|item quantity|количество|кол во|колво|кількість|к сть|шт",
    "price": "price|unit price|item price|цена|цена за шт|цена за единицу|ціна|ціна за шт|ціна за одиницю",
}
STATES: Mapping[Happened | None, str] = {
    None: (
        "new|pending|placed|processing|on hold|open|новый|новый заказ|принят|в обработке|ожидает|новий|"
        "нове|прийнято|в обробці|очікує"
    ),
    Happened.CONFIRMED: "confirmed|подтвержден|подтверждено|підтверджено|підтверджений",
    Happened.PACKED: (
        "packed|ready|собран|упакован|скомплектован|зібрано|упаковано|запаковано|готов к отправке|готово до відправки"
    ),
    Happened.SHIPPED: (
        "shipped|sent|in transit|fulfilled|отправлен|отправлено|в пути|передан в доставку|доставляется|відправлено|"
        "в дорозі|передано в доставку"
    ),
    Happened.ARRIVED_AT_PICKUP: (
        "ready for pickup|at pickup point|arrived|прибыл|в отделении|в пункте выдачи|готов к выдаче|прибуло|"
        "у відділенні|готово до видачі"
    ),
    Happened.OUT_FOR_DELIVERY: "out for delivery|with courier|у курьера|передан курьеру|у курєра|передано курєру",
    Happened.DELIVERED: (
        "delivered|completed|complete|done|closed|received|доставлен|доставлено|выполнен|выполнено|завершен|получен|"
        "вручен|виконано|завершено|отримано|вручено"
    ),
    Happened.CANCELLED: (
        "cancelled|canceled|void|отменен|отменено|отказ|аннулирован|скасовано|скасований|відмова|відмінено"
    ),
    Happened.REFUNDED: "refunded|деньги возвращены|возврат денег|кошти повернено|повернення коштів",
    Happened.RETURNED: "returned|return|возвращен|возврат|повернено|повернення",
}
YES = frozenset(["1", "yes", "y", "true", "paid", "да", "оплачен", "оплачено", "так", "сплачено", "+"])
PAYMENTS: Mapping[str, str] = {  # part of what stands in the column: ours
    "cod": "cod",
    "cash": "cod",
    "налич": "cod",
    "налож": "cod",
    "наклад": "cod",
    "готівк": "cod",
    "післяплат": "cod",
    "при получении": "cod",
    "при отриманні": "cod",
    "invoice": "invoice",
    "bank": "invoice",
    "счет": "invoice",
    "рахун": "invoice",
    "безнал": "invoice",
    "безготів": "invoice",
    "card": "card",
    "online": "card",
    "карт": "card",
    "онлайн": "card",
}
METHODS: Mapping[str, str] = {
    "pickup": "pickup",
    "pick up": "pickup",
    "самовывоз": "pickup",
    "самовивіз": "pickup",
    "courier": "courier",
    "курьер": "courier",
    "курєр": "courier",
    "адресн": "courier",
    "post": "post",
    "почт": "post",
    "пошт": "post",
    "сдэк": "post",
    "сдек": "post",
    "cdek": "post",
    "отделени": "post",
    "відділен": "post",
}

CURRENCIES: Mapping[str, str] = {  # as tables write them beside a sum
    "₴": "UAH",
    "грн": "UAH",
    "гривня": "UAH",
    "гривна": "UAH",
    "₽": "RUB",
    "р": "RUB",
    "руб": "RUB",
    "рубль": "RUB",
    "$": "USD",
    "долар": "USD",
    "доллар": "USD",
    "€": "EUR",
    "євро": "EUR",
    "евро": "EUR",
    "£": "GBP",
    "zł": "PLN",
    "kr": "SEK",
}
