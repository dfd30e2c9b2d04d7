"""What tests ask of the lab, and what they tell it to do: by its own buttons and the state it declares."""

import re

from playwright.sync_api import Locator, Page, expect

from microgpt.experiment import Experiment

NAME_FIELD = "a name, or the start of one"


def root(page: Page) -> Locator:
    return page.locator("html")


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def step(page: Page) -> int:
    return int(root(page).get_attribute("data-step"))


def loss(page: Page) -> float | None:
    """The mean of the last hundred losses, as the page declares it."""
    text = root(page).get_attribute("data-loss")
    return None if text is None else float(text)


def until(page: Page, condition: str, argument=None, timeout: int = 30_000) -> None:
    """Wait until a JavaScript condition on `argument` holds, looking once a frame."""
    page.evaluate(
        f"""([argument, timeout]) => new Promise((done, fail) => {{
            const holds = (argument) => {condition};
            const end = performance.now() + timeout;
            const look = () => {{
                if (holds(argument)) done();
                else if (performance.now() > end) fail(new Error(`still not so after ${{timeout}} ms`));
                else requestAnimationFrame(look);
            }};
            look();
        }})""",
        [argument, timeout],
    )


def wait_for_step(page: Page, at_least: int) -> None:
    until(page, "Number(document.documentElement.dataset.step) >= argument", at_least)


def in_sight(part: Locator) -> Locator:
    """Scrolled to, and at rest there. For clicks that are forced (on a radio button that its label covers, on
    a button that says it is idle): those do not wait for it."""
    part.scroll_into_view_if_needed()
    part.evaluate("""(part) => new Promise((done) => {
        let before;
        const look = () => {
            const { top } = part.getBoundingClientRect();
            if (top === before) return done();
            before = top;
            requestAnimationFrame(look);
        };
        look();
    })""")
    return part


def arrived(goal: Locator) -> None:
    """Wait until a jump has ended with its goal in the upper half of the window, for half a second: before that
    the page may still be on its way, and whatever else scrolls it is undone."""
    goal.evaluate("""(goal) => new Promise((done, fail) => {
        const end = performance.now() + 20000;
        let since = performance.now();
        let before;
        const look = () => {
            const { top } = goal.getBoundingClientRect();
            if (top !== before) since = performance.now();
            before = top;
            if (top >= 0 && top < innerHeight / 2 && performance.now() - since > 500) done();
            else if (performance.now() > end) fail(new Error(`it lies at ${top}`));
            else requestAnimationFrame(look);
        };
        look();
    })""")


def train(page: Page, at_least: int) -> tuple[int, float]:
    """Train until this step is shown, then pause; gives the step and the loss at which it stands."""
    button(page, "Train").click()
    wait_for_step(page, at_least)
    button(page, "Pause").click()
    expect(root(page)).to_have_attribute("data-lab", "paused")
    return step(page), loss(page)


def press_step(page: Page, times: int) -> list[float]:
    """Press Step so many times; gives the loss the page declares after each."""
    texts = button(page, "Step").evaluate(
        """(button, times) => Array.from({ length: times }, () => {
            button.click();
            return document.documentElement.dataset.loss;
        })""",
        times,
    )
    return [float(text) for text in texts]


def start_anew(page: Page) -> None:
    """Back to the untrained lab, flat out, with nothing typed."""
    if root(page).get_attribute("data-lab") == "training":
        button(page, "Pause").click()
    if step(page):
        button(page, "Reset").click()
    expect(root(page)).to_have_attribute("data-step", "0")
    expect(root(page)).to_have_attribute("data-lab", "ready")
    page.get_by_label("Speed").select_option("max")
    type_name(page, "")


def type_name(page: Page, text: str) -> None:
    page.get_by_label(NAME_FIELD).fill(text)


def press_load(page: Page) -> None:
    """Press the button that loads the trained model, once whatever lies above it has been drawn and grows no more."""
    in_sight(button(page, "Load the trained model")).click()


def load_trained(page: Page, experiment: Experiment) -> None:
    press_load(page)
    expect(root(page)).to_have_attribute("data-step", str(experiment.settings.steps))


def table_of(page: Page, chart: str) -> list[list[str]]:
    """The rows of the table below a chart, opened if need be; each with its heading first."""
    region = page.get_by_role("region", name=f"{chart}, table")
    if not region.is_visible():
        page.get_by_role("figure", name=re.compile(f"^{re.escape(chart)}")).locator("summary").click()
    expect(region.get_by_role("row").nth(1)).to_be_attached()
    drawn(page)
    return region.evaluate(
        "(region) => [...region.querySelectorAll('tbody tr')].map((row) => [...row.cells].map((c) => c.textContent))"
    )


def drawn(page: Page) -> None:
    """Wait until all that has changed by now, and is in sight, has been drawn: that is once a frame."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def chart(page: Page, name: str) -> Locator:
    """A chart's figure; its label ends in what it shows now."""
    return page.get_by_role("figure", name=re.compile(f"^{re.escape(name)}"))


def draw_all(page: Page) -> None:
    """Scroll through the page, so that every section that is not hidden has been drawn. In a window so tall
    that few stops are enough."""
    size = page.viewport_size
    page.set_viewport_size({"width": size["width"], "height": 4000})
    page.evaluate(
        """async () => {
            const frame = () => new Promise((done) => requestAnimationFrame(done));
            // the page is told what has come in sight before this observer is, which is the youngest
            const told = () => new Promise((done) => {
                const last = new IntersectionObserver(() => done(last.disconnect()));
                last.observe(document.body);
            });
            for (let top = 0; top < document.scrollingElement.scrollHeight; top += innerHeight) {
                scrollTo({ top, behavior: "instant" });
                await told();
                await frame();
                await frame();
            }
        }"""
    )
    page.set_viewport_size(size)
    drawn(page)
