// Everything the page says, in three languages. The browser's language decides, the buttons at the top overrule it.
const WORDS = {
  ru: {
    back: "Назад", more: "Ещё", more_apps: "Другие приложения", how: "Как", how_say: "Сообщение", how_comment: "Комментарий", how_review: "Отзыв", how_ask: "Вопрос", public: "видят все", deleted: "удалено", no_app: "Напишите магазину или дождитесь его слова.", no_review: "Оцените покупку или спросите о товаре: ответ магазина появится здесь.", delete: "Удалить",
    title: "Вы покупатель", shop_name: "Кардамон", step1: "Закажите или напишите здесь", step2: "Откройте входящие в новой вкладке ↗",
    step3: "Ответьте оттуда", step4: "Ответ и галочки появятся здесь", languages: "Язык", offline: "Связь прервалась, подключаемся снова…",
    shop: "Магазин", telegram: "Telegram", mail: "Почта",
    shop_title: "Сайт магазина с чатом", telegram_title: "Telegram (имитация)", mail_title: "Почтовый ящик",
    came: "Прийти из:", newsletter: "рассылки", search: "поиска",
    start: "Начать", begin_why: "Магазин не может написать первым: нажмите «Начать».", begin_link: "Вы пришли по ссылке с сайта. Нажмите «Начать», и разговор продолжится здесь.",
    begin_blocked: "Вы заблокировали магазин: его сообщения сюда не дойдут.", unblock: "Разблокировать", block: "Заблокировать",
    write: "Сообщение", send: "Отправить", attach: "Приложить", photo_cup: "Фото разбитой чашки", photo_own: "Свой снимок…", voice: "Голосовое сообщение", location: "Где я", contact: "Мой номер",
    editing: "Исправляем сообщение", cancel: "Отмена", edit: "Исправить", edited: "изменено", taken: "магазин получил", sent: "отправлено", sound: "Голосовое", place: "Место на карте",
    faults: "Что, если {0} сбоит?", faults_why: "Следующий ответ магазина наткнётся на ошибку. Ничего не потеряется: посмотрите, что покажут входящие.",
    fault_silent: "молчание", fault_cut: "обрыв", fault_done: "дошло, но обрыв", fault_set: "Готово: следующий ответ магазина встретит «{0}».",
    new_letter: "Новое письмо", samples: "Готовые письма:", sample_question: "вопрос с цитатой", sample_angry: "сердитое, windows-1251", sample_away: "автоответ", sample_bounce: "возврат почты",
    sample_sent: "Письмо отправлено в магазин.", bounce_sent: "Почта сообщила магазину, что его письмо не дошло.", no_letters: "Здесь появятся ваши письма и ответы магазина. Напишите первое или возьмите готовое.",
    subject: "Тема", letter_text: "Напишите магазину…", attach_file: "Приложить файл", send_letter: "Отправить", to: "Кому:", me: "Я", reply: "Ответить", write_to: "Адреса магазина", close_mailbox: "закрыть ящик", open_mailbox: "открыть ящик", mailbox_closed: "Ящика больше нет: письма магазина вернутся ему.", mailbox_opened: "Ящик снова принимает письма.", spam: "Это спам", spam_told: "Вы назвали письмо спамом", spam_sent: "Почта передала магазину вашу жалобу.", quoted: "показать цитату", hide: "скрыть цитату", failed: "Не получилось: ",
    too_big: "Файл больше 8 МБ.", no_picture: "Это не картинка.",
    device: "Телефон", device_title: "Ваш телефон (имитация)", apps: "Приложения", calls: "Звонки", dial: "Позвонить в магазин", accept: "Ответить", decline: "Отклонить", hang_up: "Завершить",
    rings: "звонит вам…", dialling: "вызываем магазин…", talking: "разговор", let_pick_up: "Пусть в магазине снимут трубку", ring_hint: "Или не трогайте: пусть звонит.", colleague: "Когда звонит магазин, его сотрудник берёт свою трубку",
    call_in_answered: "Магазин звонил", call_in_missed: "Пропущенный звонок магазина", call_in_declined: "Вы отклонили звонок", call_out_answered: "Вы звонили в магазин", call_out_missed: "Вы не дозвонились", no_calls: "Звонков ещё не было. Магазин звонит, только если иначе нельзя.",
    connected: "На связи", disconnected: "Нет связи", no_whatsapp: "Напишите магазину или дождитесь его сообщения.", no_sms: "SMS от магазина появятся здесь. Ответьте STOP, и он больше не напишет.", stopped: "Вы ответили STOP: SMS от магазина не придут. START вернёт их.",
    no_connection: "Нет связи. Включите её вверху телефона.", calls_vendor: "телефония",
    senders: "От кого", shops_numbers: "Номера магазина", no_sms_name: "Сюда приходят SMS от имени магазина.", deaf: "Это имя, а не номер: ответить на него нельзя.",
    template: "по шаблону", choose: "Варианты",
  },
  uk: {
    back: "Назад", more: "Ще", more_apps: "Інші застосунки", how: "Як", how_say: "Повідомлення", how_comment: "Коментар", how_review: "Відгук", how_ask: "Питання", public: "бачать усі", deleted: "видалено", no_app: "Напишіть крамниці або дочекайтеся її слова.", no_review: "Оцініть покупку або спитайте про товар: відповідь крамниці з’явиться тут.", delete: "Видалити",
    title: "Ви покупець", shop_name: "Кардамон", step1: "Замовте або напишіть тут", step2: "Відкрийте вхідні в новій вкладці ↗",
    step3: "Відповідайте звідти", step4: "Відповідь і галочки з’являться тут", languages: "Мова", offline: "Зв’язок урвався, з’єднуємося знову…",
    shop: "Крамниця", telegram: "Telegram", mail: "Пошта",
    shop_title: "Сайт крамниці з чатом", telegram_title: "Telegram (імітація)", mail_title: "Поштова скринька",
    came: "Прийти з:", newsletter: "розсилки", search: "пошуку",
    start: "Почати", begin_why: "Крамниця не може написати першою: натисніть «Почати».", begin_link: "Ви прийшли за посиланням із сайту. Натисніть «Почати», і розмова триватиме тут.",
    begin_blocked: "Ви заблокували крамницю: її повідомлення сюди не дійдуть.", unblock: "Розблокувати", block: "Заблокувати",
    write: "Повідомлення", send: "Надіслати", attach: "Додати", photo_cup: "Фото розбитої чашки", photo_own: "Своя світлина…", voice: "Голосове повідомлення", location: "Де я", contact: "Мій номер",
    editing: "Виправляємо повідомлення", cancel: "Скасувати", edit: "Виправити", edited: "змінено", taken: "крамниця отримала", sent: "надіслано", sound: "Голосове", place: "Місце на мапі",
    faults: "А якщо {0} збоїть?", faults_why: "Наступна відповідь крамниці натрапить на помилку. Нічого не загубиться: погляньте, що покажуть вхідні.",
    fault_silent: "мовчання", fault_cut: "обрив", fault_done: "дійшло, але обрив", fault_set: "Готово: наступна відповідь крамниці натрапить на «{0}».",
    new_letter: "Новий лист", samples: "Готові листи:", sample_question: "питання з цитатою", sample_angry: "сердитий, windows-1251", sample_away: "автовідповідь", sample_bounce: "повернення пошти",
    sample_sent: "Лист надіслано до крамниці.", bounce_sent: "Пошта повідомила крамницю, що її лист не дійшов.", no_letters: "Тут з’являться ваші листи й відповіді крамниці. Напишіть перший або візьміть готовий.",
    subject: "Тема", letter_text: "Напишіть крамниці…", attach_file: "Додати файл", send_letter: "Надіслати", to: "Кому:", me: "Я", reply: "Відповісти", write_to: "Адреси крамниці", close_mailbox: "закрити скриньку", open_mailbox: "відкрити скриньку", mailbox_closed: "Скриньки більше немає: листи крамниці повернуться до неї.", mailbox_opened: "Скринька знову приймає листи.", spam: "Це спам", spam_told: "Ви назвали лист спамом", spam_sent: "Пошта передала крамниці вашу скаргу.", quoted: "показати цитату", hide: "сховати цитату", failed: "Не вдалося: ",
    too_big: "Файл більший за 8 МБ.", no_picture: "Це не зображення.",
    device: "Телефон", device_title: "Ваш телефон (імітація)", apps: "Застосунки", calls: "Дзвінки", dial: "Зателефонувати в крамницю", accept: "Відповісти", decline: "Відхилити", hang_up: "Завершити",
    rings: "дзвонить вам…", dialling: "викликаємо крамницю…", talking: "розмова", let_pick_up: "Нехай у крамниці знімуть слухавку", ring_hint: "Або не чіпайте: хай дзвонить.", colleague: "Коли дзвонить крамниця, її працівник бере свою слухавку",
    call_in_answered: "Крамниця дзвонила", call_in_missed: "Пропущений дзвінок крамниці", call_in_declined: "Ви відхилили дзвінок", call_out_answered: "Ви дзвонили в крамницю", call_out_missed: "Ви не додзвонилися", no_calls: "Дзвінків ще не було. Крамниця дзвонить, лише коли інакше не можна.",
    connected: "На зв’язку", disconnected: "Немає зв’язку", no_whatsapp: "Напишіть крамниці або дочекайтеся її повідомлення.", no_sms: "SMS від крамниці з’являться тут. Відповідь STOP їх зупинить.", stopped: "Ви відповіли STOP: SMS від крамниці не надійдуть. START їх поверне.",
    no_connection: "Немає зв’язку. Увімкніть його вгорі телефона.", calls_vendor: "телефонія",
    senders: "Від кого", shops_numbers: "Номери крамниці", no_sms_name: "Сюди приходять SMS від імені крамниці.", deaf: "Це ім’я, а не номер: відповісти на нього не можна.",
    template: "за шаблоном", choose: "Варіанти",
  },
  en: {
    back: "Back", more: "More", more_apps: "More apps", how: "How", how_say: "Message", how_comment: "Comment", how_review: "Review", how_ask: "Question", public: "everybody sees this", deleted: "deleted", no_app: "Write to the shop, or wait for its word.", no_review: "Rate what you bought or ask about it: the shop's answer appears here.", delete: "Delete",
    title: "You are the customer", shop_name: "Kardamon", step1: "Order or write here", step2: "Open the inbox in a new tab ↗",
    step3: "Answer from there", step4: "The answer and the ticks appear here", languages: "Language", offline: "The connection broke, trying again…",
    shop: "Shop", telegram: "Telegram", mail: "Mail",
    shop_title: "The shop's site with its chat", telegram_title: "Telegram (simulated)", mail_title: "Mailbox",
    came: "Come from:", newsletter: "newsletter", search: "search",
    start: "Start", begin_why: "The shop cannot write first: press Start.", begin_link: "You came by a link from the site. Press Start and the talk goes on here.",
    begin_blocked: "You blocked the shop: its messages will not arrive here.", unblock: "Unblock", block: "Block",
    write: "Message", send: "Send", attach: "Attach", photo_cup: "Photo of a broken cup", photo_own: "A picture of yours…", voice: "Voice message", location: "Where I am", contact: "My number",
    editing: "Editing a message", cancel: "Cancel", edit: "Edit", edited: "edited", taken: "the shop has it", sent: "sent", sound: "Voice", place: "A place on the map",
    faults: "What if {0} misbehaves?", faults_why: "The shop's next answer will run into an error. Nothing gets lost: look at what the inbox shows.",
    fault_silent: "time-out", fault_cut: "cut", fault_done: "arrived, then cut", fault_set: "Done: the shop's next answer meets “{0}”.",
    new_letter: "New letter", samples: "Ready letters:", sample_question: "question with a quote", sample_angry: "angry, windows-1252", sample_away: "out of office", sample_bounce: "a bounce",
    sample_sent: "The letter is on its way to the shop.", bounce_sent: "The post office told the shop that its letter did not arrive.", no_letters: "Your letters and the shop's answers appear here. Write the first or take a ready one.",
    subject: "Subject", letter_text: "Write to the shop…", attach_file: "Attach a file", send_letter: "Send", to: "To:", me: "Me", reply: "Reply", write_to: "The shop's addresses", close_mailbox: "close the mailbox", open_mailbox: "open the mailbox", mailbox_closed: "The mailbox is no more: the shop's letters come back to it.", mailbox_opened: "The mailbox takes letters again.", spam: "This is spam", spam_told: "You called it spam", spam_sent: "The post office passed your complaint on to the shop.", quoted: "show the quote", hide: "hide the quote", failed: "That did not work: ",
    too_big: "The file is larger than 8 MB.", no_picture: "That is not a picture.",
    device: "Phone", device_title: "Your phone (simulated)", apps: "Apps", calls: "Calls", dial: "Call the shop", accept: "Answer", decline: "Decline", hang_up: "Hang up",
    rings: "is calling you…", dialling: "calling the shop…", talking: "talking", let_pick_up: "Let somebody in the shop pick up", ring_hint: "Or leave it alone: let it ring.", colleague: "When the shop calls, its colleague picks up their own phone",
    call_in_answered: "The shop called", call_in_missed: "Missed call from the shop", call_in_declined: "You declined a call", call_out_answered: "You called the shop", call_out_missed: "Nobody picked up", no_calls: "No calls yet. The shop calls only when nothing else will do.",
    connected: "Connected", disconnected: "No connection", no_whatsapp: "Write to the shop, or wait for its message.", no_sms: "The shop's texts appear here. Answer STOP and they end.", stopped: "You answered STOP: no more texts from the shop. START brings them back.",
    no_connection: "There is no connection. Switch it on at the top of the phone.", calls_vendor: "the telephone line",
    senders: "From", shops_numbers: "The shop's numbers", no_sms_name: "Texts under the shop's name arrive here.", deaf: "This is a name and not a number: nobody can answer to it.",
    template: "from a template", choose: "Choices",
  },
};

const spoken = (navigator.languages ?? []).map((one) => one.slice(0, 2)).find((one) => one in WORDS);
export let language = localStorage.getItem("phone-language") ?? spoken ?? "en";
if (!(language in WORDS)) language = "en";

export const word = (name, ...parts) => parts.reduce((text, part, at) => text.replace(`{${at}}`, part), WORDS[language][name] ?? name);

export function speak(chosen) {
  language = chosen;
  localStorage.setItem("phone-language", chosen);
  translate();
}

export function translate() {
  document.documentElement.lang = language;
  document.title = `${word("title")} · Prilavok`;
  for (const one of document.querySelectorAll("[data-word]")) one.textContent = word(one.dataset.word);
  for (const one of document.querySelectorAll("[data-label]")) one.setAttribute("aria-label", word(one.dataset.label));
  for (const one of document.querySelectorAll("[data-hint]")) {
    one.placeholder = word(one.dataset.hint);
    one.setAttribute("aria-label", word(one.dataset.hint));
  }
  for (const one of document.querySelectorAll("[data-language]")) one.setAttribute("aria-pressed", String(one.dataset.language === language));
}

export const sum = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
export const clock = (at) => new Date(at).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" });
