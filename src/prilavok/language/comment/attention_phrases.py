"""What no field carries and a person must act on, by its kind. The language of the phrases: see phrases.py."""

NEEDS = {
    "goods": """
        SWAP
        the|a .. GOODS .. instead
        ADD
        IF .. нет|немає|не|нету|нема|no|not|out .. наличие|наявність|GOODS|stock|товар|есть
        нет|немає|нету GOODS
        прибор|салфетка|серветка|cutlery|napkin
        WITHOUT лук|соус|сахар|кетчуп|майонез|цибуля|onion|sugar|сыр|пакет|орех|глютен
        размер|цвет|розмір|колір|size|color|colour|артикул|модель|вкус|оттенок
        NOT кладите|класть|положить|вкладывать|нужен .. PAPER|GOODS|реклама|листовка|прибор|пакет|include
        реклама|рассылка|спам|розсилка|newsletter|promo ... NOT
        INSTEAD NOUN~CALLN
        приложить|докласть|include|put|add ... PAPER|GOODS|GIFT|CARD|пробник|прибор|образец|WRAP
        PAPER&ценник
        каждый|кожен|кожний|each|every ... отдельный|окремий|separate|own|отдельно|окремо|separately
        в|у|in отдельный|окремий|separate пакет|коробка|мешок|мішок|упаковка|bag|bags|box|boxes
        отдельно|окремо .. упаковать|запакувати|упакувати|завернуть|загорнути
        NOT|WITHOUT price|prices|цена|ціна
        гравировка|гравіювання|engraving
        ADJ а не ADJ~NUM
        instead of !call
        leave out
        в заказ|замовлення еще|ще
        пузырчатый|бульбашковий|bubble
        упаковать|запакувати|упакувати|pack|wrap|packed .. надійніше|надежнее|крепче|лучше|краще|better|securely|safely
        NOT NEED .. пакет|мешок|bag
        пакет|bag .. NOT NEED
        NOT|WITHOUT plastic|packaging
        с|з|із|with NOUN а не с|з|із
        можно|можна|ok|okay|fine|подойдет|підійде .. аналог|замена|заміна|substitute|analogue|alternative
        WITHOUT васаби|имбирь|кинза|укроп|чеснок|перец|гриб|оливка|маслина|помидор|огурец|петрушка|орех|мед|лактоза
        WITHOUT васабі|імбир|кінза|кріп|часник|перець|огірок|помідор|горіх|оливка|молоко|майонез|петрушка|гриби|лід
        WITHOUT|no wasabi|ginger|coriander|garlic|mushrooms|olives|tomato|tomatoes|nuts|pickles|onions|mayo|chili|ice
        по ошибка|помилка
        by mistake|accident
        снять|зняти|remove|убрать|прибрати|срезать|зрізати|отклеить|take .. PAPER|цена|ціна|price|tags|labels|бирка
        разный|різний|два|две|дві|two|separate|отдельный .. пакет|посылка|посилка|коробка|parcel|parcels|bags|boxes
        упаковать|запакувати|упаковка .. NUM|отдельно|по|хорошо|надежно|окремо|раздельно|separately|надійно
    """,
    "address": """
        верный|new|different|another|wrong|correct|точный|другой|інший|иной .. ADDRESS|адресу
        ADDRESS instead
        SHIP|GIVE .. на|в|до склад|терминал|термінал|пункт|пвз
        send it|this|them|order|everything? .. ADDRESS
        ADDRESS .. измениться|поменяться|другой|неверный|неправильный|ошибка|змінитися|changed
        ADDRESS .. wrong|интересовать|правильный|помилка|інший|not|NOT|ошибиться
        NOT тот|той .. дом|будинок|квартира|улица|вулиця|город|місто|индекс|ENTRANCE|FLOOR|APARTMENT|ADDRESS
        ошибиться&PAST|помилитися&PAST когда|коли|при
        ошибиться|помилитися|перепутать|переплутати .. дом|будинок|квартира|улица|вулиця|город|індекс|индекс|ADDRESS
        неправильно|неверно|невірно|помилково|ошибочно .. указать|написать|вказати|написати|ввести
        wrong .. house|flat|street|building|postcode|door
        дом|будинок|house .. а|not NOT? NUM
        GIVE|COMING|отправить|SHIP .. на|по|в|to|за? ADDRESS
        отделение|відділення|почтомат|поштомат|постамат .. NUM
        NOT .. ADDRESS
        ул|улица|вул|вулиця|проспект|просп|переулок .. NUM
    """,
    "date": """
        кроме|крім|except NOON|MORNING|EVENING|MON|WEEKEND
        MON~GREET !утро|NEVER
        DATE&завтра|DATE&послезавтра|DATE&післязавтра|DATE&tomorrow|DATE&today|DATE&tonight|DATE&сегодня|DATE&сьогодні
        NUM st|nd|rd|th? of? MONTH
        MONTH~may the? NUM
        in|on|by may NUM
        by|before the? NUM st|nd|rd|th !FLOOR
        NUM числа|число
        к|ко|до NUM го|му|ого|ому|числу|числа !FLOOR
        отпуск|відпустка|vacation|holiday|командировка|уехать&P1|уезжать&P1|виїжджати&P1|відрядження
        hold the|my|it|this|order|delivery|off|until|till
    """,
    "payment": """
        PAY !при
        фамилия|прізвище|surname|name .. NOT|wrong|неправильный|неправильний|misspelt|misspelled|исправить|виправити
        PAPER&чек|PAPER&накладная|PAPER&счет|PAPER&рахунок
        PAPER&накладна|PAPER&invoice|PAPER&receipt|PAPER&документ|PAPER&инвойс
        ттн|трек|tracking|реквизит
    """,
    "cancel": "CANCEL~вернуть",
    "return": """
    """,
    "complaint": """
        прошлый|прошлого|предыдущий|минулий|минулого|последний|last .. раз|разу|заказ|time|order|доставка
        в прошлый|минулий
        уже|вже .. день|час|неделя|тиждень|месяц|місяць .. жду|ждать|чекати|чекаю
        still waiting
        parcel|package|box|order .. left .. rain|outside|street|wet
        parcel|package|delivery .. late|soaked|wet|ruined
        arrived|came|delivered|прийти|приехать|приїхати|привезти .. битый|сломанный|broken|damaged|cracked|empty|wrong
        COMPLAIN !раз'
        сколько можно|жду
        smashed|crushed|missing|cracked|torn|refund
        SPOILT !проверьте
        not|never|wasn't|weren't|isn't|hardly impressed|happy|pleased|satisfied
        nobody|noone|none apologised|apologized|replied|responded|bothered|cared
        NOT извиниться|вибачитися|понравиться|сподобатися
        wrap&ENGLISH .. separately|each|carefully|well
        снять|зняти|списать|списати|списаться|charged|charge|billed .. дважды|двічі|twice|деньги|гроші|double
        цена|ціна|price|сумма|сума .. другой|інший|выше|вища|вищий|дороже|different|higher|changed|неверный|wrong
        никто|ніхто|nobody .. NOT .. PAST&VERB|перезвонил|приехал|відповів|ответил
    """,
    "question": """
        интересует|цікавить|хотеть .. узнать|спросить|уточнить|дізнатися|know
        фото|photo .. WRITE
        QUESTION .. по|насчет|о|заказ|щодо|про
        CONSULT
        NOT понять&PAST|зрозуміти&PAST|понять&INF|розібратися&PAST|разобраться&PAST|understand
        NOT .. понять&INF|решить|выбрать|определиться|вирішити|обрати|визначитися ... какой|який|которая|которую|яку|яка
        questions|question on|about|re|regarding
        консультация|проконсультировать|посоветовать|порадьте|посоветуйте|порадити|advise|recommend
    """,
    "card": """
        CARD
        gift|card message|note|tag
        message|note in|on|inside|with the? gift|card|box|bouquet
    """,
    "phone": """
        NUMBER
        second|alternative|new|правильный|неверный .. номер|телефон|number|phone
        номер|телефон .. другой|неверный|неправильный|изменился|измениться|wrong
        номер|телефон .. запасной|дополнительный|мужа|жены|мамы|дружини|чоловіка
        номер|телефон NOT мой|тот|верный|актуальный|мій|той
        по|на|to this|этот|цьому|следующий|другому|тот|цей .. номер|телефон
    """,
    "channel": """
        WRITE|PEN|CONTACT .. INSTAGRAM
        INSTAGRAM .. WRITE|PEN
    """,
    "people": """
        NOT~нет GIVE|LEAVE .. PERSON|ребенок|дети|дитина
        NEED .. грузчик|вантажник|loader|loaders|movers !позвать|позвати|дождаться|покликати
        документ|паспорт|passport|доверенность|довіреність
        объединить|об'єднати|combine|вместе|разом .. заказ|замовлення|order
        NOT .. говорить|сказать|сообщать|рассказывать .. PERSON|кто|что|от|who|хто|про|сумма|price|цену
    """,
}
