"""Difficult replies, each with what must stay visible: rarer programs, answers below and between, look-alikes."""

Q = "> Здравствуйте!\n> Подтвердите, пожалуйста, адрес доставки.\n"
A = "order+c42@lampa.example"

ATTRIBUTIONS = [
    f"16 ноября 2026 г., 10:15 пользователь Магазин Лампа <{A}> написал:",
    f"16 ноября 2026 г. в 10:15 пользователь Магазин Лампа <{A}>\nнаписал:",
    f"16 листопада 2026 р. 10:15 Крамниця Лампа <{A}> написав:",
    f"16 листопада 2026 р. о 10:15 Крамниця Лампа <\n{A}> пише:",
    f"пн, 16 нояб. 2026 г., 10:15 Магазин Лампа <{A}>:",
    f"Пн, 16 лист. 2026, 10:15 користувач Крамниця Лампа <{A}> написав:",
    f"пн, 16 ноя 2026, 10:15 Магазин Лампа <{A}>:",
    "On 11/16/26 10:15 AM, Lamp Shop wrote:",
    "On 2026-11-16 10:15, Lamp Shop wrote:",
    "Am 16.11.26 um 10:15 schrieb Lamp Shop:",
    f"Am Mo., 16. Nov. 2026 um 10:15 Uhr schrieb Lamp Shop <{A}>:",
    f"Le lun. 16 nov. 2026 à 10:15, Lamp Shop <{A}> a écrit :",
    f"pon., 16 lis 2026 o 10:15 Lamp Shop <{A}> napisał(a):",
    f"El lun, 16 nov 2026 a las 10:15, Lamp Shop (<{A}>) escribió:",
    f"Il giorno lun 16 nov 2026 alle ore 10:15 Lamp Shop <{A}> ha scritto:",
    "On Mon, 2026-11-16 at 10:15 +0200, Lamp Shop wrote:",
    "On Monday, 16 November 2026 10:15:00 EET Lamp Shop wrote:",
    "On Mon, Nov 16, 2026 at 10:15:00AM +0200, Lamp Shop wrote:",
    f"On Mon, 16 Nov 2026 10:15:00 +0200\nLamp Shop <{A}> wrote:",
    "В письме от понедельник, 16 ноября 2026 г. 10:15:00 MSK пользователь Магазин\nЛампа написал:",
    "В Пн, 16/11/2026 в 10:15 +0300, Магазин Лампа пишет:",
    "Лампа Магазин писал(а) 16.11.2026 10:15:",
    f"Lamp Shop <{A}> writes:",
    f"On 16.11.2026 10:15:00, Lamp Shop <{A}> wrote:",
    f"On Nov 16 2026, at 10:15 am, Lamp Shop <{A}> wrote:",
    f"Monday, 16 November 2026, 10:15AM +03:00 from Lamp Shop {A}:",
    f"Понедельник, 16 ноября 2026, 10:15 +03:00 от Магазин Лампа {A}:",
    f"понедельник, 16 ноября 2026 г. в 10:15 +0300 от Магазин Лампа\n<{A}>:",
    f"16.11.2026, 10:15, {A}:",
    "16.11.2026 10:15, Магазин Лампа написал(а):",
    "16.11.2026 в 10:15, Магазин Лампа пишет:",
    "16.11.26 10:15, Крамниця Лампа пише:",
    f"16 нояб. 2026 г., в 10:15, {A} написал(а):",
    f"16 лист. 2026 р., о 10:15, Крамниця Лампа <{A}> пише:",
    f"On Nov 16, 2026, at 10:15, Lamp Shop via Orders Department of the Lamp Company\n<{A}> wrote:",
    f"On Monday, November 16, 2026, Lamp Shop <{A}> wrote:",
    f"понедельник, 16 ноября 2026 г. пользователь Магазин Лампа <{A}> написал:",
    "Цитирую Магазин Лампа:",
    "Вы писали 16 ноября 2026 г.:",
    "Магазин Лампа пишет:",
    f"В сообщении от 16 ноября 2026 10:15 {A} написал(a):",
    f"{A} писал 16.11.2026 10:15:",
    "Здравствуйте, Вы писали:",
    f"Dne po 16. 11. 2026 10:15 uživatel Lamp Shop <{A}> napsal:",
    f"2026-11-16 10:15 GMT+03:00 Магазин Лампа <{A}>:",
    f"2026-11-16 10:15 GMT+2 {A} <{A}>:",
    "On 16 Nov 2026 at 10:15, Lamp Shop wrote:",
    f"On Mon, Nov 16, 2026, 10:15 Lamp Shop <{A}> wrote:",
    f"пн, 16 нояб. 2026 г., 10:15 Магазин Лампа\n<{A}>:",
    f'16 ноября 2026, 10:15 +03:00 от "Магазин Лампа" <{A}>:',
    f"Магазин Лампа <{A}> 16 ноября 2026 г. 10:15:00 написал:",
]
BLOCKS = [
    f"-----Original Message-----\nFrom: Lamp Shop [mailto:{A}]\nSent: Monday, November 16,"
    f" 2026 10:15 AM\nTo: John\nSubject: Order",
    f"-----Исходное сообщение-----\nОт: Магазин Лампа [mailto:{A}]\nОтправлено: 16 ноября "
    f"2026 г. 10:15\nКому: Иван\nТема: Заказ",
    f"-----Вихідне повідомлення-----\nВід: Крамниця Лампа [mailto:{A}]\nНадіслано: 16 "
    f"листопада 2026 р. 10:15\nКому: Іван\nТема: Заказ",
    f"*From:* Lamp Shop <{A}>\n*Sent:* Monday, November 16, 2026 10:15 AM\n*To:* John "
    f"<j@mail.example>\n*Subject:* Order",
    f"*От:* Магазин Лампа <{A}>\n*Отправлено:* понедельник, 16 ноября 2026 г. 10:15\n*Кому:* Иван\n*Тема:* Заказ",
    f"From: {A}\nTo: ivan@mail.example\nCc: office@mail.example; second@mail.example;\n "
    f"third@mail.example\nDate: Mon, 16 Nov 2026 10:15\nSubject: Order",
    f"Тема: Заказ\nДата: 16.11.2026 10:15\nОт: Магазин Лампа <{A}>\nКому: ivan@mail.example",
    f"-------- Original Message --------\nSubject: Order\nDate: 2026-11-16 10:15\nFrom: "
    f"Lamp Shop <{A}>\nTo: ivan@mail.example",
    f"-------- Исходное сообщение --------\nТема: Заказ\nДата: 2026-11-16 10:15\nОт: "
    f"Магазин Лампа <{A}>\nКому: ivan@mail.example",
    f"От кого:\tМагазин Лампа <{A}>\nКому:\tivan@mail.example\nДата:\tПонедельник, 16 ноября 2026, 10:15\nТема:\tЗаказ",
    f'--- Исходное сообщение ---\nОт кого: "Магазин Лампа" <{A}>\nДата: 16 ноября 2026, 10:15:15',
    f"---- Исходное сообщение ----\nОт: {A}\nТема: Заказ",
    f"Від: Крамниця Лампа <{A}>\nДата: понеділок, 16 листопада 2026 р. 10:15\nКому: "
    f"ivan@mail.example\nТема: Замовлення",
    f"Von: Lamp Shop <{A}>\nGesendet: Montag, 16. November 2026 10:15\nAn: ivan@mail.example\nBetreff: Order",
    f"________________________________________\nFrom: Lamp Shop <{A}>\nSent: 16 November "
    f"2026 10:15\nTo: John\nSubject: Order",
    f'---Original---\nFrom: "Lamp Shop"<{A}>\nDate: Mon, Nov 16, 2026 10:15 AM\nTo: '
    f'"ivan"<ivan@mail.example>;\nSubject: Order',
    "##- Please type your reply above this line -##",
    "-- Пишите ответ выше этой линии --",
    f"---------- Forwarded message ---------\nОт: Магазин Лампа <{A}>\nDate: пн, 16 нояб. "
    f"2026 г. в 10:15\nSubject: Заказ\nTo: <ivan@mail.example>",
    f'-------- Пересылаемое сообщение --------\n16.11.2026, 10:15, "Магазин Лампа" <{A}>:',
    f"-------- Пересылаемое сообщение --------\nОт кого: Магазин Лампа <{A}>\nКому: "
    f"ivan@mail.example\nДата: 16 ноября 2026\nТема: Заказ",
    f"-------- Перенаправлене повідомлення --------\nТема: Заказ\nДата: Mon, 16 Nov 2026\n"
    f"Від: Крамниця Лампа <{A}>\nКому: ivan@mail.example",
    f"Begin forwarded message:\n\nFrom: Lamp Shop <{A}>\nSubject: Order\nDate: November "
    f"16, 2026 at 10:15:00 GMT\nTo: ivan@mail.example",
    f"Начало переадресованного сообщения:\n\nОт: Магазин Лампа <{A}>\nТема: Заказ\nДата: "
    f"16 ноября 2026 г. в 10:15:00 GMT+3\nКому: ivan@mail.example",
]
DEVICES = [
    "Отправлено с iPhone",
    "Отправлено с моего iPhone",
    "Отправлено с iPad",
    "Надіслано з iPhone",
    "Sent from my iPad",
    "Отправлено из мобильной Почты Mail.ru",
    "Отправлено из Mail.ru для Android",
    "--\nОтправлено из Mail.ru для Android",
    "Отправлено из Яндекс.Почты для мобильных",
    "Отправлено с устройства Samsung",
    "Надіслано з мого Samsung",
    "Отправлено со смартфона Samsung Galaxy.",
    "Надіслано зі смартфона Samsung",
    "Sent from my Samsung Galaxy smartphone.",
    "Sent from Outlook for Android",
    "Get Outlook for iOS<https://aka.ms/o0ukef>",
    "Получить Outlook для iOS",
    "Отримайте Outlook для Android<https://aka.ms/AAb9ysg>",
    "Отправлено из Outlook для Android<https://aka.ms/x>",
    "Отправлено с помощью Outlook для iOS",
    "Sent from Yahoo Mail on Android",
    "Sent from Yahoo Mail for iPhone",
    "Sent from Mail for Windows 10",
    "Отправлено из Почты для Windows 10",
    "Надіслано з Пошти для Windows 10",
    "Sent via BlackBerry",
    "Отправлено с Android-устройства",
    "Отправлено с телефона Xiaomi",
    "Отправлено с моего Mi",
    "Sent from my Huawei phone",
    "Отправлено с телефона HONOR",
    "Простите за краткость, создано в K-9 Mail.",
    "Отправлено с устройства Android с помощью K-9 Mail.",
    "-- \nПростите за краткость, создано в K-9 Mail.",
    "Sent from ProtonMail mobile",
    "Sent from Proton Mail for iOS",
    "Надіслано з Proton Mail для Android",
    "Отправлено из Spark",
    "Sent with Spark",
    "Надіслано з мобільного додатка ukr.net",
    "Відправлено з мобільного додатку UKR.NET",
    "Отправлено из приложения Gmail",
    "Отправлено из myMail для iOS",
    "Отправлено с мобильного устройства",
    "Відправлено з мобільного телефону",
    "С моего айфона",
    "Sent from my phone, please excuse typos",
    "Please excuse my brevity.",
    "Отправлено из Windows Mail",
    "Sent from TypeApp",
    "Отправлено из BlueMail",
]
KEPT_WHOLE = [
    "С уважением отношусь к вашей работе, но лампа не горит.",
    "Best regards to your team! But where is my order?",
    "Спасибо!",
    "Дякую!",
    "Thanks!",
    "Здравствуйте.\n\nСпасибо, жду",
    "Отправлено с отделения Новой почты вчера, когда будет?",
    "Посылка отправлена из Москвы 12.11.2026 в 10:15, курьер написал: ждите",
    "Надіслано з відділення Нової пошти №5 ще вчора.",
    "От: Киева\nДо: Львова\nКогда: завтра",
    "Курьер пишет:\nне могу найти дом",
    "Вчера, 15 ноября в 18:30, мне звонили и сказали: всё отправлено.",
    "Кому: Иванова Мария\nАдрес: Самара, Садовая 15\nДата: 20.11.2026",
    "Размеры:\n- 10 x 20\n- 30 x 40\n\nНужны обе",
    "Цена 100 < 200, а вы взяли 300 > 200. Почему?",
    "Заказ 1042\n---\nПлафон белый - 2 шт\n---\nИтого 2",
    "Меня зовут Анна.\nМой телефон +7 927 123-45-67, перезвоните",
    "Получатель\n\nИван Петров\n+7 927 123-45-67\nСамара, Садовая 15",
    "Всего хорошего вам за такую «доставку», верните деньги!",
    "On Monday I wrote:\nplease cancel. Did you?",
    "Подскажите: когда?\n\nИ второй вопрос: сколько?",
    "Thanks for the lamp, it works fine now.",
]
# (name, text, visible)
WHOLE_MAILS = [
    ("answer below", f"16.11.2026 10:15, Магазин Лампа пишет:\n{Q}\nДа, всё верно.\n\n-- \nИван", "Да, всё верно."),
    (
        "answers between",
        f"On Mon, Nov 16, 2026 at 10:15 AM Lamp Shop <{A}> wrote:\n> What colour?\n\nWhite, "
        f"please.\n\n> When?\n\nOn Friday.\n",
        "White, please.\n\nOn Friday.",
    ),
    (
        "greeting above, answers between",
        f'Добрый день!\n\n16.11.2026, 10:15, "Магазин" <{A}>:\n> Какой цвет?\nБелый\n> Когда?\nВ пятницу\n',
        "Добрый день!\n\nБелый\n\nВ пятницу",
    ),
    (
        "initials",
        "Здравствуйте, Анна.\n\nВы писали 16 ноября 2026 г., 10:15:00:\n\nАЛ> Какой цвет?\n\n"
        "Белый.\n\n-- \nС уважением,\n Иван                          "
        "mailto:ivan@mail.example",
        "Здравствуйте, Анна.\n\nБелый.",
    ),
    ("quote without attribution", f"Да, верно.\n\n{Q}", "Да, верно."),
    (
        "wrapped quote",
        "Жду.\n\n16.11.2026 10:15, Магазин Лампа пишет:\n> Здравствуйте! Ваш заказ передан в "
        "службу доставки, курьер приедет к\nвам завтра\n> до шести вечера.\n",
        "Жду.",
    ),
    (
        "signature below the quote",
        f"Да.\n\nOn Mon, Nov 16, 2026 at 10:15 AM Lamp Shop <{A}> wrote:\n> Is it right?\n\n"
        f"-- \nJohn Peters\n+44 20 7946 0000",
        "Да.",
    ),
    (
        "postscript",
        "Лампа не горит.\n\nС уважением,\nИван\n\nP.S. Позвоните мне завтра.",
        "Лампа не горит.\n\nС уважением,\nИван\n\nP.S. Позвоните мне завтра.",
    ),
    ("closing without a comma", "Жду ответа\n\nС уважением\nИван Петров", "Жду ответа"),
    ("closing in small letters", "жду ответа\nс уважением, иван", "жду ответа"),
    ("two closings", "Жду ответа.\n\nЗаранее спасибо,\nс уважением, Иван", "Жду ответа.\n\nЗаранее спасибо,"),
    ("thanks, comma, name", "The lamp is broken.\n\nThanks,\nJohn", "The lamp is broken."),
    ("a wish without a name stays", "Жду.\n\nХорошего дня!", "Жду.\n\nХорошего дня!"),
    ("a wish with a name", "Жду.\n\nВсего доброго,\nИван", "Жду."),
    ("thanks to the agent stay", "Всё пришло.\n\nСпасибо, Анна", "Всё пришло.\n\nСпасибо, Анна"),
    ("thanks from the author", "Всё пришло.\n\nСпасибо, Иван", "Всё пришло."),
    ("a name alone stays", "Лампа не горит.\n\nИван", "Лампа не горит.\n\nИван"),
    (
        "forward with a comment",
        f"Посмотрите, пожалуйста, это ваше?\n\n---------- Forwarded message ---------\nОт: "
        f"Магазин <{A}>\nDate: пн, 16 нояб. 2026\nSubject: Заказ\nTo: <i@mail.example>\n\nВаш "
        f"заказ принят",
        "Посмотрите, пожалуйста, это ваше?",
    ),
    (
        "forward alone",
        "---------- Forwarded message ---------\nFrom: A <a@mail.example>\nDate: Mon, 16 Nov "
        "2026\nSubject: Order\nTo: <i@mail.example>\n\nThe order is broken",
        "---------- Forwarded message ---------\nFrom: A <a@mail.example>\nDate: Mon, 16 "
        "Nov "
        "2026\nSubject: Order\nTo: <i@mail.example>\n\nThe order is broken",
    ),
    (
        "nothing but history",
        f"16.11.2026 10:15, Магазин Лампа пишет:\n{Q}".rstrip(),
        f"16.11.2026 10:15, Магазин Лампа пишет:\n{Q}".rstrip(),
    ),
    ("nothing but a signature", "-- \nИван Петров\n+7 927 123-45-67", "--\nИван Петров\n+7 927 123-45-67"),
    ("virus scanner", "Да.\n\n--\nЭто электронное письмо проверено на вирусы программой Avast.\nwww.avast.com", "Да."),
    ("virus free", "Yes.\n\nVirus-free. www.avast.com\n<https://www.avast.com/sig-email>", "Yes."),
    (
        "small print",
        "Подтверждаю заказ.\n\nС уважением,\nИван Петров\n\nДанное сообщение и любые "
        "вложения являются конфиденциальными и предназначены исключительно для адресата. "
        "Если вы получили его по ошибке, удалите его.",
        "Подтверждаю заказ.",
    ),
    (
        "small print alone",
        "I confirm.\n\nCONFIDENTIALITY NOTICE: this e-mail is intended only for the person "
        "to whom it is addressed and may contain privileged information.",
        "I confirm.",
    ),
    ("closing and device", "Ждём.\n\nЗ повагою, Олена\n\nНадіслано з iPhone", "Ждём."),
    (
        "long signature",
        "Жду счёт.\n\n--\nС уважением,\nИван Петров\nКоммерческий директор\nООО «Ромашка»\n"
        "г. Москва, ул. Ленина, 1\nтел.: +7 (495) 123-45-67\nмоб.: +7 (916) 123-45-67\n"
        "e-mail: ivan@romashka.example\nwww.romashka.example",
        "Жду счёт.",
    ),
]
