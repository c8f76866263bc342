"""What the people in the corpus write: replies, signatures, the shop's earlier letter. Three languages."""

REPLIES = {
    "ru": [
        "Здравствуйте!\n\nПодскажите, пожалуйста, когда отправите заказ №1042?\n\nСпасибо!",
        "Да, всё верно, жду.",
        "Адрес доставки:\nг. Самара, ул. Садовая 15, кв. 8\nИванова Мария\n+7 927 123-45-67",
        "Добрый день. Лампа пришла разбитой, фото во вложении. Курьер сказал: «пишите в магазин».\nКак вернуть деньги?",
        "1. Синюю заменить на белую\n2. Добавить ещё два плафона\n3. Доставить в пятницу после 18:00",
        "ок",
        "Отправлено из Казани 14.11, а трек до сих пор пустой. Сегодня уже 16.11.2026, в "
        "10:30 звонил оператор, и он тоже не знает.",
    ],
    "uk": [
        "Доброго дня!\n\nПідкажіть, будь ласка, коли відправите замовлення №1042?\n\nДякую!",
        "Так, усе правильно, чекаю.",
        "Адреса доставки:\nм. Полтава, вул. Садова 15, кв. 8\nІваненко Марія\n+380 67 123 45 67",
        "Добрий день. Лампа прийшла розбитою, фото у вкладенні. Кур'єр сказав: «пишіть у "
        "магазин».\nЯк повернути гроші?",
        "1. Синю замінити на білу\n2. Додати ще два плафони\n3. Доставити у п'ятницю після 18:00",
        "ок",
        "Відправлено з Києва 14.11 Новою поштою, а трек досі порожній. Сьогодні вже 16.11.2026.",
    ],
    "en": [
        "Hello!\n\nCould you tell me when order 1042 will be sent?\n\nThank you!",
        "Yes, that is right, I am waiting.",
        "Delivery address:\n15 Garden St, flat 8\nMaria Brown\n+44 20 7946 0123",
        "Good afternoon. The lamp came broken, a photo is attached. The courier wrote: "
        "ask the shop.\nHow do I get my money back?",
        "1. Change the blue one to white\n2. Add two more shades\n3. Deliver on Friday after 18:00",
        "ok",
        "Sent from Leeds on 14 Nov and the tracking is still empty. On Monday I called "
        "you at 10:30 and nobody knew anything.",
    ],
}
SIGNATURES = {
    "ru": [
        "",
        "С уважением,\nИван Петров",
        "-- \nИван Петров\nтел. +7 495 123-45-67",
        "С уважением, Иван Петров\nМенеджер по закупкам\nООО «Ромашка»\n+7 (495) 123-45-67\nwww.romashka.example",
    ],
    "uk": [
        "",
        "З повагою,\nІван Петренко",
        "-- \nІван Петренко\nтел. +380 44 123 45 67",
        "З повагою, Іван Петренко\nМенеджер із закупівель\nТОВ «Ромашка»\n+380 (44) 123-45-67\nwww.romashka.example",
    ],
    "en": [
        "",
        "Best regards,\nJohn Peters",
        "-- \nJohn Peters\nphone +44 20 7946 0000",
        "Kind regards,\nJohn Peters\nPurchasing Manager\nDaisy Ltd\n+44 20 7946 0000\nwww.daisy.example",
    ],
}
AUTHOR = {"ru": "Иван Петров", "uk": "Іван Петренко", "en": "John Peters"}
SHOP = {"ru": "Магазин Лампа", "uk": "Крамниця Лампа", "en": "Lamp Shop"}
EARLIER = {
    "ru": "Здравствуйте, Иван!\n\nВаш заказ №1042 принят. Подтвердите, пожалуйста, адрес "
    "доставки.\n\nС уважением,\nМагазин Лампа",
    "uk": "Доброго дня, Іване!\n\nВаше замовлення №1042 прийнято. Підтвердьте, будь ласка, "
    "адресу доставки.\n\nЗ повагою,\nКрамниця Лампа",
    "en": "Hello John,\n\nWe have your order 1042. Please confirm the delivery address.\n\nBest regards,\nLamp Shop",
}
SUBJECT = {"ru": "Re: Заказ №1042", "uk": "Re: Замовлення №1042", "en": "Re: Order 1042"}
ADDRESS = "order+c42@lampa.example"
CUSTOMER = "ivan@mail.example"
