"""Order comments are read as a careful person reads them."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prilavok.domain.wishes import Call, Wishes, labels
from prilavok.language.comment import read_comment
from prilavok.language.comment.reading import MOST_CHARACTERS

HERE = Path(__file__).parent
YES = {"recipient_other", "leave_at_door", "gift", "human"}


def lines_of(name):
    return [line for line in (HERE / name).read_text(encoding="utf-8").splitlines() if not line.startswith("#")]


def shown(text):
    """What was read, in the notation of worked_comments.txt."""
    parts = []
    for name, value in labels(read_comment(text)).items():
        short = name.removesuffix("_channels").removesuffix("_window")
        if value in (None, False, [], "no_statement"):
            continue
        if name.endswith("_channels"):
            parts.append(f"{short}={' '.join(value)}")
        elif name.endswith("_window"):
            days = "" if value["days"] == "any" else f" {value['days']}"
            vague = " vague" if value.get("vague") else ""
            parts.append(f"{short}={value['from'] or ''}-{value['to'] or ''}{days}{vague}")
        elif value is True:
            parts.append("human" if name == "free_text_needs_human" else name)
        else:
            parts.append(f"{name}={value}")
    return set(parts)


@pytest.mark.parametrize("line", lines_of("worked_comments.txt"))
def test_a_worked_comment_means_what_stands_beside_it(line):
    text, _, wishes = line.rpartition(" =>")
    assert shown(text) == set(filter(None, wishes.strip().split("; ")))


@pytest.mark.parametrize("text", lines_of("refusals.txt"))
def test_nobody_who_refused_is_called(text):
    assert read_comment(text).wishes.call is Call.NEVER


@pytest.mark.parametrize("text", lines_of("perhaps_refusals.txt"))
def test_nobody_is_called_who_may_have_refused_in_words_that_nobody_knows(text):
    reading = read_comment(text)
    assert reading.wishes.call is Call.NEVER or reading.calls_wait


@pytest.mark.parametrize("line", lines_of("no_refusals.txt"))
def test_what_only_sounds_like_a_refusal_is_none(line):
    text, _, call = line.rpartition(" => ")
    assert read_comment(text).wishes.call == call


@pytest.mark.parametrize("text", lines_of("refusals.txt")[::7])
@pytest.mark.parametrize(
    "around",
    [
        "{}. Спасибо!",
        "Здравствуйте! {}",
        "{} домофон 45",
        "Подъезд 2, этаж 3. {}",
        "{}\nдоставка после 18",
        "Будь ласка. {} Дякую!",
        "{} 🙏🙏",
    ],
)
def test_a_refusal_stays_one_whatever_stands_around_it(text, around):
    assert read_comment(around.format(text)).wishes.call is Call.NEVER


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("позвоните", "required"),
        ("перезвоните мне для подтверждения", "required"),
        ("жду звонка", "required"),
        ("позвоните перед доставкой", "before_arrival"),
        ("пусть курьер наберет за полчаса", "before_arrival"),
        ("не забудьте позвонить", "required"),
        ("не стесняйтесь звонить", "no_statement"),
        ("звоните после 18", "no_statement"),
        ("не звоните до 12", "no_statement"),
        ("не звоните в дверь, ребенок спит", "no_statement"),
        ("в дверь не звоните", "no_statement"),
        ("без звонка не отправлять", "required"),
        ("не приезжайте без звонка", "before_arrival"),
        ("если не дозвонитесь, оставьте у консьержа", "no_statement"),
        ("не звоните жене, сюрприз", "no_statement"),
        ("домофон не работает, позвоните", "before_arrival"),
        ("звонок не работает, стучите", "no_statement"),
        ("оператору не звонить, курьер пусть позвонит за час", "before_arrival"),
        ("не звоните, наберите за час до приезда", "before_arrival"),
        ("не звоните если не срочно", "only_if_urgent"),
        ("не звоните даже если срочно", "never"),
        ("звоните только в крайнем случае", "only_if_urgent"),
        ("если никого нет дома, позвоните", "only_if_urgent"),
        ("вчера мне не позвонили", "no_statement"),
        ("не пишите, лучше позвоните", "required"),
        ("наберите код 45", "no_statement"),
        ("don't ring the doorbell, baby sleeping", "no_statement"),
        ("don't call unless urgent", "only_if_urgent"),
        ("don't deliver without calling first", "before_arrival"),
        ("не дзвоніть дружині, це сюрприз", "no_statement"),
        ("телефонуйте тільки в екстреному випадку", "only_if_urgent"),
        ("кур'єр нехай зателефонує", "before_arrival"),
    ],
)
def test_a_call_that_is_not_refused_is_not_forbidden(text, call):
    assert read_comment(text).wishes.call == call


def test_the_words_of_every_wish_are_marked():
    text = "Не звоните, пишите в телеграм после 18, домофон 45К, сдача с 5000"
    marked = {(span.field, text[span.start : span.end]) for span in read_comment(text).spans}
    assert marked == {
        ("call", "Не звоните"),
        ("preferred_channels", "телеграм"),
        ("contact_window", "после 18"),
        ("intercom", "домофон 45К"),
        ("change_from", "сдача с 5000"),
    }


def test_what_nobody_understood_is_marked_to_be_read():
    text = "Не звоните. Замените чай на кофе. Спасибо!"
    reading = read_comment(text)
    assert [text[span.start : span.end] for span in reading.to_read] == ["Замените чай на кофе"]
    assert reading.needs_human


@pytest.mark.parametrize(
    ("text", "lasting"),
    [
        ("никогда не звоните", {"call"}),
        ("больше не звоните, всегда пишите в телеграм", {"call", "preferred_channels"}),
        ("я глухая, пишите смс", {"call", "preferred_channels"}),
        ("не звоните, оставьте у двери", set()),
        ("дзвоніть завжди після 18", {"contact_window"}),
    ],
)
def test_only_what_is_meant_for_ever_lasts(text, lasting):
    assert read_comment(text).lasting == lasting


def test_a_refusal_of_unclear_scope_is_believed_and_shown():
    reading = read_comment("просьба не беспокоить")
    assert reading.wishes.call is Call.NEVER
    assert reading.needs_human


@pytest.mark.parametrize("text", ["", "   ", "\n\n", "👍", "Спасибо!", "дякую, гарного дня", "Thanks a lot!"])
def test_what_asks_for_nothing_leaves_everything_at_its_default(text):
    reading = read_comment(text)
    assert reading.wishes == Wishes()
    assert not reading.needs_human


def test_the_end_of_a_very_long_comment_is_left_to_a_person():
    text = "Не звоните. " + "очень " * MOST_CHARACTERS
    reading = read_comment(text)
    assert reading.wishes.call is Call.NEVER
    assert reading.to_read[-1].end == len(text)


HOSTILE = ["(" * 10_000, "не " * 3_000, "если " * 2_000, "не звоните если не срочно " * 400, "5 " * 5_000, "a" * 10_000]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:12])
@pytest.mark.timeout(20)
def test_hostile_texts_end(text):
    assert read_comment(text).needs_human


WORDS = st.sampled_from(
    """не звоните если только курьер домофон 45 после 18 - : . , ? кв 5 этаж сдача с 1000 или до в дверь оставьте 📵
    пишите телеграм no call text дзвоніть ne zvonite пол седьмого 18:00 #12 +380501234567 @nick под 3 й""".split()  # noqa: SIM905
)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=25).map(" ".join)))
def test_no_text_is_too_strange(text):
    reading = read_comment(text)
    assert reading == read_comment(text)
    assert all(0 <= span.start < span.end <= len(text) for span in (*reading.spans, *reading.to_read))
    assert reading.needs_human is bool(reading.to_read)
    assert ("phone" in reading.wishes.forbidden_channels) is (reading.wishes.call is Call.NEVER)
    assert ("phone" in reading.wishes.preferred_channels) is (reading.wishes.call is Call.REQUIRED)
    assert not set(reading.wishes.preferred_channels) & set(reading.wishes.forbidden_channels)
