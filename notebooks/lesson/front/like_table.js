// A table of likes to press: one Tab stop, arrow keys, Home and End move, Space and Enter press.

const HOW = "Press a cell. By keyboard: arrow keys move, Space presses.";

function render({ model, el }) {
  const users = model.get("users");
  const items = model.get("items");
  const { line, tell, stop } = teller(model);
  const cells = users.map((_, row) => items.map((_, column) => cell(row, column)));
  let at = [0, 0];

  function cell(row, column) {
    const name = `${users[row]} likes ${items[column]}`;
    const button = guarded(make("button", { type: "button", tabindex: "-1", "aria-label": name }));
    button.addEventListener("click", () => press(row, column));
    button.addEventListener("focus", () => stand(row, column));
    button.addEventListener("keydown", (event) => move(event, row, column));
    return button;
  }

  function stand(row, column) {
    cells[at[0]][at[1]].tabIndex = -1;
    at = [row, column];
    cells[row][column].tabIndex = 0;
  }

  function move(event, row, column) {
    const [bottom, right] = [users.length - 1, items.length - 1];
    const goals = {
      ArrowUp: [row - 1, column], ArrowDown: [row + 1, column],
      ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1],
      Home: [event.ctrlKey ? 0 : row, 0], End: [event.ctrlKey ? bottom : row, right],
    };
    const goal = goals[event.key];
    if (!goal) return;
    event.preventDefault();
    cells[Math.min(Math.max(goal[0], 0), bottom)][Math.min(Math.max(goal[1], 0), right)].focus();
  }

  function press(row, column) {
    const value = model.get("value").map((likes) => [...likes]);
    value[row][column] = 1 - value[row][column];
    model.set("value", value);
    tell(`${users[row]} ${value[row][column] ? "now likes" : "no longer likes"} ${items[column]}.`);
  }

  function show() {
    model.get("value").forEach((likes, row) => likes.forEach((like, column) => {
      cells[row][column].setAttribute("aria-pressed", String(Boolean(like)));
      cells[row][column].textContent = like ? "♥\uFE0E" : "";
    }));
  }

  const head = make("tr", {}, make("td"), ...items.map((item) => make("th", { scope: "col" }, item)));
  const rows = users.map((user, row) =>
    make("tr", {}, make("th", { scope: "row" }, user), ...cells[row].map((button) => make("td", {}, button))));
  const table = make("table", { role: "grid", "aria-label": model.get("label") },
    make("thead", {}, head), make("tbody", {}, ...rows));
  el.classList.add("lesson-front");
  el.append(make("p", { class: "lesson-how" }, HOW), make("div", { class: "lesson-wide" }, table), line);
  stand(0, 0);
  show();
  model.on("change:value", show);
  return () => { stop(); model.off("change:value", show); };
}

export default { render };
