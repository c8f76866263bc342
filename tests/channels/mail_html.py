"""Markup as mail programs write it, each with what must stay visible."""

# (name, markup, visible)
HTML_MAILS = [
    (
        "gmail inline",
        '<div dir="ltr"><div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Mon, Nov '
        '16, 2026 at 10:15 AM Shop &lt;<a href="mailto:s@l.example">s@l.example</a>&gt; '
        'wrote:<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex"><div>'
        "What colour?</div></blockquote><div><br></div><div>White</div><blockquote "
        'class="gmail_quote"><div>When?</div></blockquote><div>Friday</div></div></div>',
        "White\n\nFriday",
    ),
    (
        "gmail sig",
        '<div dir="ltr">Hello<br clear="all"><div><br></div><span class="gmail_signature_prefix">'
        '-- </span><br><div dir="ltr" class="gmail_signature" data-smartmail="gmail_signature">'
        "<div>John<br>+44 1234 5678</div></div></div>",
        "Hello",
    ),
    (
        "gmail fwd comment",
        '<div dir="ltr">See this<br><br><div class="gmail_quote"><div dir="ltr" '
        'class="gmail_attr">---------- Forwarded message ---------<br>От: <b>Shop</b> <span>&lt;'
        "s@l.example&gt;</span><br>Date: пн, 16 нояб.<br>Subject: X<br>To:  &lt;i@m.example&gt;"
        "<br></div><br><br><div>Order text</div></div></div>",
        "See this",
    ),
    (
        "tb fwd",
        '<p>Look</p><div class="moz-forward-container"><br>-------- Forwarded Message '
        '--------<table class="moz-email-headers-table"><tr><th>Subject: </th><td>X</td></tr><tr>'
        "<th>From:</th><td>Shop &lt;s@l.example&gt;</td></tr></table><p>Order</p></div>",
        "Look",
    ),
    (
        "outlook b5c4df",
        "<div class=WordSection1><p class=MsoNormal>Добрый день!<o:p></o:p></p><p "
        "class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>Где заказ?<o:p></o:p></p><div "
        "style='border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p "
        "class=MsoNormal><b>From:</b> Shop<br><b>Sent:</b> today</p></div><p>Text</p></div>",
        "Добрый день!\n\nГде заказ?",
    ),
    (
        "yandex",
        "<div>Да, жду</div><div> </div><div>-- </div><div>С уважением, Иван</div><div> </div>"
        '<div>16.11.2026, 10:15, "Shop" &lt;s@l.example&gt;:</div><blockquote><p>Hi</p>'
        "</blockquote>",
        "Да, жду",
    ),
    (
        "mailru sig",
        '<div>Да<br><br><div data-signature-widget="container"><div '
        'data-signature-widget="content"><div>С уважением,<br>Иван</div></div></div><br>'
        '<blockquote style="border-left:1px solid #0857A6">Понедельник, 16 ноября 2026, 10:15 '
        "+03:00 от Shop &lt;s@l.example&gt;:<br>Hi</blockquote></div>",
        "Да",
    ),
    (
        "indent not quote",
        '<div>Адрес:</div><blockquote style="margin:0 0 0 40px;border:none;padding:0px"><div>Самара</div></blockquote>',
        "Адрес:\nСамара",
    ),
    (
        "apple no quote attr",
        '<html><head></head><body style="word-wrap:break-word">Да<div><br></div><div>Ок<br><div>'
        '<br><blockquote type="cite"><div>On 16 Nov 2026, at 10:15, Shop &lt;s@l.example&gt; '
        "wrote:</div><div>Hi</div></blockquote></div></div></body></html>",
        "Да\n\nОк",
    ),
    (
        "outlook web sig",
        '<div class="elementToProof">Yes</div><div id="Signature"><div>John</div><div>Boss</div>'
        '</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>From:</b> x</div><div>'
        "Hi</div>",
        "Yes",
    ),
    (
        "outlook new web",
        '<div class="elementToProof" style="font-family: Aptos">Yes</div><div '
        'id="ms-outlook-mobile-body-separator-line" dir="ltr"><br></div><div '
        'class="ms-outlook-mobile-signature">Get Outlook for iOS</div><div '
        'id="mail-editor-reference-message-container"><hr><b>From:</b>x<br>Hi</div>',
        "Yes",
    ),
    ("plain in html", "<pre>Да, верно\n\n16.11.2026 10:15, Shop пишет:\n&gt; Привет\n&gt; Адрес?</pre>", "Да, верно"),
    (
        "ukrnet",
        '<span xmlns="http://www.w3.org/1999/xhtml"><div style="font-family:Arial">Так, '
        'чекаю</div><div><br/></div><div><i>16 листопада 2026, 10:15:15, від "Shop" &lt;<a '
        'href="mailto:s@l.example">s@l.example</a>&gt;: </i></div><blockquote '
        'style="border-left:1px solid #cccccc"><span>Hi</span></blockquote></span>',
        "Так, чекаю",
    ),
    (
        "hotmail old",
        'Yes please<br><br><hr id="stopSpelling">Date: Mon, 16 Nov 2026<br>From: s@l.example<br>Subject: x<br>Hi',
        "Yes please",
    ),
    (
        "samsung",
        '<html><body><div dir="auto">Ок</div><div dir="auto"><br></div><div dir="auto"><br></div>'
        '<div id="composer_signature" dir="auto"><div style="font-size:12px" dir="auto">'
        'Отправлено с моего Galaxy</div></div><div dir="auto"><br></div><div><br></div><div '
        'style="font-size:100%;color:#000000" dir="auto"><!-- originalMessage --><div>-------- '
        "Исходное сообщение --------</div><div>От: Shop &lt;s@l.example&gt; </div><div>Дата: "
        "16.11.2026  10:15  (GMT+03:00) </div><div>Кому: i@m.example </div><div>Тема: x </div>"
        "<div><br></div></div>Hi</body></html>",
        "Ок",
    ),
    (
        "thunderbird sig",
        '<p>Ok</p><pre class="moz-signature" cols="72">-- \nJohn</pre><div '
        'class="moz-cite-prefix">On 16/11/2026 10:15, Shop wrote:<br></div><blockquote '
        'type="cite">Hi</blockquote>',
        "Ok",
    ),
    (
        "thunderbird bottom",
        '<div class="moz-cite-prefix">On 16/11/2026 10:15, Shop wrote:<br></div><blockquote '
        'type="cite"><p>Hi</p></blockquote><p>Answer here</p><pre class="moz-signature">-- \n'
        "John</pre>",
        "Answer here",
    ),
    (
        "yahoo ios",
        '<div>Yes<br><br><p class="yahoo-signature"><a href="x">Sent from Yahoo Mail for '
        'iPhone</a></p><p class="yahoo-quoted-begin" style="font-size:15px">On Monday, November '
        '16, 2026, 10:15 AM, Shop &lt;s@l.example&gt; wrote:</p><blockquote class="iosymail">'
        "<div>Hi</div></blockquote></div>",
        "Yes",
    ),
    ("link text", '<p>Смотрите <a href="https://x.example/a">сайт</a> и <b>фото</b></p>', "Смотрите сайт и фото"),
    (
        "table",
        "<table><tr><td>Товар</td><td>Цена</td></tr><tr><td>Лампа</td><td>100</td></tr></table>",
        "Товар Цена\nЛампа 100",
    ),
    ("p paras", "<p>One</p><p>Two</p>", "One\n\nTwo"),
    ("preheader", '<div style="display:none;max-height:0">hidden</div><p>Shown</p>', "Shown"),
    (
        "mob outlook",
        '<div>Yes</div><div id="ms-outlook-mobile-signature"><div></div><div>Get <a '
        'href="https://aka.ms/o0ukef">Outlook for iOS</a></div></div><hr '
        'style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr">'
        "<font><b>From:</b> Shop</font></div>Hi",
        "Yes",
    ),
    ("unclosed", "<div>Да <b>нет<blockquote>q", "Да нет"),
]
HTML_MAILS += [
    (
        "a table with grey borders is no history",
        '<p>Мой заказ:</p><table><tr><td style="border-top:1px solid #e1e1e1">Лампа</td></tr></table><p>Где он?</p>',
        "Мой заказ:\n\nЛампа\n\nГде он?",
    ),
]
