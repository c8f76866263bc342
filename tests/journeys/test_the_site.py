"""From the site's chat to the counter and back."""

from playwright.sync_api import expect


def test_a_visitor_asks_the_agent_answers_and_each_sees_how_far_it_came(agent, visitor):
    marta = visitor("/shop/mist?lang=en&utm_source=newsletter&utm_medium=email&utm_campaign=new-glaze")
    marta.write("Is the misty teapot still there?")
    agent.open("Is the misty teapot still there?")
    marta.tick("Is the misty teapot still there?", "Read")
    expect(agent.panel.get_by_role("link", name="Mist")).to_be_visible()
    expect(agent.panel).to_contain_text("new-glaze")
    agent.reply("Two are left. Shall I put one aside?")
    expect(marta.shops("Two are left.")).to_be_visible()
    agent.receipt("Two are left.", "Read")
