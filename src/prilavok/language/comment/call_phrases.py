"""How people say that they do or do not want to be called. The language of the phrases: see phrases.py."""

from prilavok.language.comment.wordlist import words

REFUSALS = """
     к|до PHONE .. NOT
     NOT .. к|до PHONE
     на? вызов|виклик .. NOT TAKE|ACCEPT|ANSWER|RECEIVE|реагировать|реагувати
     TAKE .. некому
     PHONE .. conversation|conversations|chats .. NOT
     NOT .. ANSWER|ACCEPT .. незнакомый|неизвестный|чужой|невідомий|незнайомий|unknown
    незнакомый|неизвестный|невідомий|незнайомий|unknown .. NOT ANSWER|TAKE
    NOT .. CONFIRM NEED
    CONFIRM .. NOT NEED|надо|звонком
    WITHOUT CONFIRM
    звук .. SILENT
    !NOUN без звук
    социофобия|фобия|phobia
    NOT ANSWER&ENGLISH|pick|TAKE&ENGLISH
    NOT .. able .. answer|pick|talk|speak|take
    общаться|общение|спілкування|спілкуватися|связь|contact|communicate .. письменно|письмово|письменный|text
    обойтись|обойтися|обійтися .. MESSAGE|sms|PEN
    CONFIRM .. NOT нуждаться|потребувати
    keep .. to text|texts|email|whatsapp|messages
    NOT телефон !мой
    hearing loss|aid|aids|difficulties
    NOT CANT ANSWER
    вада|вади слуху|слух
    PEN|MESSAGE .. звонкам|дзвінкам
    чего|нечего звонить
    WITHOUT .. разговор|розмова|болтовня
    speech impaired|disability|impediment
    номер|телефон .. ONLY .. для|for смс|сообщение|sms|text|повідомлення|регистрация|messages|texts
"""

ONLY_WRITING = """
    единственный|єдиний ... telegram|whatsapp|viber|sms|email|vk|text|messages
    ONLY .. PEN|MESSAGE|CHAT
    PEN|MESSAGE|CHAT ONLY
    ONLY в|у|на|по|через|via|on|by|through|с? telegram|whatsapp|viber|sms|email|vk|POST|text&ENGLISH
    telegram|whatsapp|viber|sms|email|vk|text&ENGLISH|texts|messages|chat|POST&email ONLY
    всё|все|вся|only .. в? письменном|письменно
    WRITE|общение|спілкування .. ONLY .. MESSAGE|текст|текстом
    ONLY WRITE
    in writing
    written only
    written communication|contact
    ONLY текст|текстом|переписка
    PEN|MESSAGE|CHAT|текст|текстом|telegram|whatsapp|viber|sms|email и|і|та|and никак|ніяк|nothing|ничего|нічого
    ONLY в|у|на|по|через электронный|електронний POST
"""

DEAF = """
    речь|мовлення|speech .. плохой|плохо|нарушение|impaired|impediment|порушення
    DEAF~NOT !штора|сцена|карта|фильм|swan|print|button|двор|переулок|стена|забор|тупик|проулок|кут|район
    hard of hearing
    hearing impaired|problem|issu|disabl
    HEAR .. impaired|disability
    NOT HEAR
    плохо|погано|слабо HEAR
    HEAR .. плохо|погано
    слабо слышащий|чуючий|слышащая
    нарушение|проблема|инвалид|инвалидность|вада|потеря|порушення|втрата|нет .. слух
    слух|чуть .. нет|немає|нет
    инвалид|інвалід .. слух
    слуховой|слуховий аппарат|апарат
    sign language
    жестовый|жестова язык|мова
"""

SHIELDS = {
    "asked": """
        !NOT NEED|WANT|ASK .. CONSULT .. PHONE
        CONSULT .. PHONE NEED
        пока|поки|until|till .. NOT .. CALLV|TALK
        NOT CALLV&INF нельзя|неможливо|можна
        NOT NOT CALLV&ENGLISH
        WITHOUT .. CALLN .. NOT COMING|SHIP|GIVE|везти|ехать
        NOT .. пускать|пропускать|впускать|пускати|пропускати|открывать|відчиняти .. WITHOUT .. CALLN
        NOT .. COMING|SHIP|GIVE|LEAVE|везти .. WITHOUT .. CALLN|CALLV
        WITHOUT .. CALLN .. NOT собирать|паковать|комплектовать|отгружать|выезжать|збирати|пакувати|отдавать|пробивать
    """,
    "allowed": """
        IF ... NOT .. REACH
        як|как NOT REACH
        NOT REACH&PAST
        CALLV .. раз|раза|разів|рази|twice|again|снова|ще ... IF .. NOT .. TAKE|ANSWER|pick
        NOT ... против|проти .. CALLV|CALLN
        против|проти .. CALLN .. NOT|ничего|нічого
    """,
    "bell": """
        в|у? дверной|дверний CALLN .. NOT CALLV
        INTERCOM NOT CALLV
        набрати .. на INTERCOM
        CALLV|CALLN у двері|домофон|дзвоник|звонок|хвіртку
        CALLV .. в дверь|домофон !или
        CALLN в|на|у двери|дверь|дверях|двері|дверях|калитка|хвіртка
        в BELL пожалуйста|прошу|лучше|просьба? NOT? CALLV
        у двері|дзвоник|домофон NOT? CALLV
        CALLV в|у квартира|кв
        ring|ringing|press|use .. doorbell|bell|buzzer
        CALLV в|у CALLN
        в|у звонок|дзвінок|дзвоник .. NOT? CALLV
        CALLV в|у него|нього|нее|неї
        DIAL .. CODE|APARTMENT|NUM|домофон|INTERCOM|вызов !MINUTE
    """,
    "slang": """
        give .. bell|ring|buzz|shout|tinkle
    """,
    "thanks": """
        THANKS .. for|за .. CALLN
        !NOT уже|вже .. CALLV&PAST
    """,
    "complaint": """
        никто|ніхто .. NOT CALLV&P3
        CALLV&PAST
        !if|IF you never|not CALLV&ENGLISH me|us? back|again|yesterday
        !if|IF|should nobody|noone|none called&ENGLISH
        NOT CANT&P1 .. REACH
        NOT get through to
        u never|not CALLV&ENGLISH
        !if|IF you|u phoned|rang|called .. during|while|middle|again
        REACH .. вас|вам|магазин|OPERATOR
        вас|вам|магазин .. REACH
        couldn't|couldnt|can't|cant|cannot reach you
        called&ENGLISH me|us|him|her a|an|the|rude|names|stupid
        обещать|обіцяти .. CALLV&PERF
    """,
}

CONDITIONS = {
    "urgent": """
        IF ... NOT .. URGENT|срочно|необходимость
        за потреба|необхідність|необходимость
        в|у|на случай|випадок|разі NOUN~порядок
        last resort
        в|у|на последний|останній|крайний очередь|случай|черга|чергу|средство|випадок
        последний|останній средство|вариант|засіб
        for|in emergency|emergencies
        на|в крайняк
        ONLY тогда|тоді WHEN|IF !COMING
        если|якщо|якшо|if|ежели ONLY NOT
        except|кроме|крім|окрім when|if|for|когда|если|коли|якщо
        ONLY WHEN~по ... щось|что-то|чего-то|что|something|anything|без|NOT|nobody|PROBLEM|BROKEN|GONE|wrong
        ONLY|кроме|крім|окрім|except .. IF|URGENT|PROBLEM|чп|нс|случай|випадок|когда
        разве|хіба что|що|шо
        unless
        WITHOUT .. URGENT|нужда|повод|причина|надобность|потреба
        при|в|у .. PROBLEM|URGENT|вопрос|QUESTION
        IF ... PROBLEM
        просто так
        ONLY? при NOUN
        по делу|справі|существу
        по|из-за|через|for мелочь|пустяк|ерунда|дрібниця|дурниця|nothing|trifles
        в|у ONLY? разі|раз
        в|у один|одному случай|випадок
        only then
        IF .. все .. порядок|хорошо|ок|наявність|наличие|есть|норма|добре|є
        IF .. все|everything|everything's|all .. склад|stock|месте|верно|правильно|готово|собрать
        IF .. change|wrong|out|need|get|find
        in case ... URGENT|PROBLEM|no|lost|need|of
    """,
    "loose": """
        IF что|шо|що|че|чего|anything|any
        IF you? like|wish|want|fancy|хотеть|хотіти
        IF очень|будет|буде|вам|it's|so? надо|нужно|треба|потрібно|нада|needed|понадобиться !NEED
    """,
    "polite": """
        IF you? can|could|may|like|want|wish|please
    """,
}

ARRIVAL = """
    BEFORE .. COMING~way
    про|о|об|of|about my|the|your|ваш? приезд|приїзд|прибытие|прибуття|подход|arrival
    за NUM? .. HOUR|MINUTE|полчаса|півгодини|полчасика|пару
    HOUR|MINUTE за
    MINUTE|HOUR .. away|out|off
    WHEN|as|once you|you're|youre|ur !SHIP|have|get|see|pack|send|know|need|want|process|dispatch|like|can|ready
    с|з|із|от|від|із проходная|прохідна|кпп|калитка|хвіртка|ворота|шлагбаум
    hour|minutes|mins before|prior
    WHEN .. COMING|курьер|готов'ы
    при ENTRANCE|COMING|вход|въезд
    перед|до|после|before|on|upon|at .. приезд|приїзд|доставка|arrival|delivery|визит|прибытие|подход|arriving
    заранее|предварительно|заздалегідь|beforehand|ahead|попередньо
    COURIER~delivery
    на|у|возле|біля|at|от подход|подъезд|вход|ворота|калитка|шлагбаум|место|gate|door|entrance|під'їзд|домофон|barrier
    INTERCOM .. NOT BROKEN
    INTERCOM ABSENT
    ABSENT|no|без INTERCOM
    снизу|знизу|внизу
    from the? gate|barrier|entrance|lobby|street
    WHEN .. будете|будеш|будешь
    BROKEN~работать INTERCOM
    INTERCOM .. BROKEN~работать
    под|под'|під|коло|около ENTRANCE
    MEET&P1
    i&ENGLISH .. MEET
"""

# Refuse whatever comes after them in the sentence, with a "not" of its own or without.
BY_NO_MEANS = """
    under no circumstance|circumstances|condition|conditions
    on no account
    at no time|point|stage
    in no way|case|event
    by no means
    at all cost|costs
"""

# What follows from a call: whoever says so wants none.
THREATS = """
    ONLY посметь|попробовать|спробувати|посміти .. CALLV
    сколько|скільки можно|можна .. CALLV&INF
    IF ... CALLV|CALLN ... CANCEL|отказаться|заблокировать|пожаловаться|жаловаться|заблокувати|block|cancel|обидеться
    CALLV&P2~DIAL|CALLV&IMPER|CALLN ... CANCEL&P1|отказаться|відмовитися
    CALLN = CANCEL
    keep .. CALLN .. yourself|yourselves
    попробовать|спробувати ONLY CALLV
    CALLN|CALLV .. cost|costs|costing|коштувати
    CALLN|CALLV and .. order|deal|sale .. off
    вычеркнуть|убрать|удалить|исключить|викреслити|прибрати ... CALLN
    CALLN равно? CANCEL
    за CALLN|CALLV .. CANCEL|жалоба|бан|поставить|минус|звезда|единица|кол|оценка|плохой|зірка
    CALLN ... звезда|минус|единица|кол|зірка
    who even? calls|rings|phones
    кто|хто|anyone|whoever who? CALLV&P3|calls|rings|phones
    remove|take|off|opt|unsubscribe ... CALLV|CALLN list
    CALLV|CALLN .. лесом|wake|wakes
"""

# What another shop did with its calls: told as a warning.
ANECDOTES = """
    один|прошлый|последний|предыдущий|минулий|попередній интернет|інтернет? магазин ... CALLV
    конкурент|rival|competitor ... CALLV
    last|previous|another|other online? shop|store|place|company|seller ... CALLV&ENGLISH
"""

# Said of calls that were complained of.
NEVER_AGAIN = """
    never again
    больше|більше никогда|ніколи|NOT
    NOT повторять|повторюйте|повторювати|повторяйте|repeat
    NOT делать|робити|робіть|do .. так|больше|більше|этого|цього|again|that
    без|WITHOUT этого|того|цього
"""

# Contact by voice, without a verb of its own.
BY_VOICE = """
    CONSULT .. по|by|over|on|via the? PHONE
    CONSULT .. телефоном
    TALK|CONFIRM|touch .. по|by|over|on PHONE
    TALK .. с|со|з|із|зі|to|with OPERATOR
    CONTACT|WARN .. телефоном
    WARN .. по|by|over|via the? PHONE
    дать|дати|let .. знать|знати|know .. по|телефоном|by|over PHONE
    CONTACT|BOTHER .. по|by|over|on|via my|the|моему|мій? PHONE
"""

# Leave given after "you need not": "но если хочется — пожалуйста".
WELCOME = """
    IF .. хотеть|хотеться|хотіти|хотітися|want|like|wish|fancy ... THANKS|OKAY|CALLV|прошу
"""

COURIER_MAY = """
    COURIER .. NEED|можно|можна|может|може|ok|ок|fine|разрешаю|дозволяю
    COURIER ... MINUTE|HOUR ... notice|warning ... PHONE|CALLN
    COURIER .. WHEN .. COMING|будете|буде|будет
    COURIER да|так|конечно|звісно|yes|may|can|sure|пожалуйста|please|обязательно|обов'язково|пусть|хай|нехай|пускай
    COURIER .. BEFORE .. COMING
    COURIER за .. HOUR|MINUTE|полчаса|півгодини
    ONLY|кроме|крім|окрім|except от|від|from? the? COURIER
    ONLY уже|вже? WHEN .. COMING|будете|будеш|будешь|ENTRANCE
    ONLY при|по|у|біля|возле|на|at .. COMING|GATE|ENTRANCE
    COURIER&DAT .. ANSWER&P1|TAKE&P1
"""

ALLOWING = words("""
    anytime whenever allowed possible любое будь-який можно можна можете могут може may can could ok fine okay
    free happy welcome разрешаю
""")
INSISTING = words("""
    обязательно обов'язково лучше краще лутше только тільки лише непременно definitely must
""")
ONLY = words("только лише тільки only исключительно виключно лишь")
OBJECT = words("""
    обязательный обязателен обязательна обов'язковий
    ждать ждите чекати жду чекаю waiting expect хотеть хочу нужен нужно потрібен потрібно прошу need want would
    like требуется give необходим буду
""")  # fmt: skip
NO_PHONE_SIGNS = frozenset("📵🔕🔇")
PHONE_SIGNS, NO_SIGNS = frozenset("📞☎📱📲"), frozenset("🚫❌⛔🙅✖👎🛑❎🙅‍♂🙅‍♀")
TRANSPARENT = words("""
    уже вже
    прохання просьба просим просимо прошу
    мне меня нам нас мені мене нам до с ко to me us you ever even more at all any more the a my вообще взагалі
    больше більше лишний раз зря просто так пожалуйста будь ласка бы ли ни і и прошу очень дуже убедительно надо
    please just be have has phone try пытаться пытайтесь пробовать намагатися вздумать вздумайте делать
    совершать робити сюда туда никто никому ніхто нікому кто стоит смысл по на в номер телефон тел сразу отразу
    opt зайвий раз мой этот сейчас зараз пока поки еще ще снова опять вдруг звать будет будут буде будете would
    і прям категорически совсем зовсім для ради заради мобильный обязательно рано утром вечером днем ночью
    always or телефону нужды want need go going если можно можна ок call calls receive make any phone mobile
    give should must ought ever даже навіть
""")
