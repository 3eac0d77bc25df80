// One of a few names as a row of radio buttons, or one of many numbers as a field with a step down and a step up.

const SETTLED = 400;
let groups = 0;

function render({ model, el }) {
  const { line, tell, stop } = teller(model);
  const names = model.get("names");
  const choose = (value) => {
    const inside = Math.min(Math.max(value, model.get("low")), model.get("high"));
    if (Number.isNaN(value) || inside === model.get("value")) return show();
    model.set("value", inside);
    tell("");
  };
  const [part, show] = names.length ? radios(model, names, choose) : field(model, choose);
  el.classList.add("lesson-front");
  el.append(part, line);
  show();
  model.on("change:value", show);
  return () => { stop(); model.off("change:value", show); };
}

function radios(model, names, choose) {
  const group = `lesson-pick-${groups += 1}-${Date.now()}`;  // names of radio groups hold for the whole page
  const inputs = names.map((_, index) => guarded(make("input", { type: "radio", name: group, value: index })));
  inputs.forEach((input, index) => input.addEventListener("change", () => choose(index)));
  const labels = names.map((name, index) => make("label", {}, inputs[index], name));
  const show = () => inputs.forEach((input, index) => { input.checked = index === model.get("value"); });
  return [make("fieldset", {}, make("legend", {}, model.get("label")), ...labels), show];
}

function field(model, choose) {
  const [label, low, high] = ["label", "low", "high"].map((name) => model.get(name));
  const input = guarded(make("input", { type: "number", min: low, max: high, step: 1 }));
  const step = (sign, words, by) => {
    const button = guarded(make("button", { type: "button", "aria-label": `${words} ${label}` }, sign));
    button.addEventListener("click", () => choose(model.get("value") + by));
    return button;
  };
  let timer = 0;
  const show = () => { input.value = String(model.get("value")); };
  const settle = () => {
    clearTimeout(timer);
    choose(Math.round(input.valueAsNumber));
    show();
  };
  input.addEventListener("change", settle);
  input.addEventListener("keydown", (event) => { if (event.key === "Enter") settle(); });
  input.addEventListener("input", () => {  // typed or stepped: wait until the number is whole
    clearTimeout(timer);
    if (input.validity.valid && input.value) timer = setTimeout(settle, SETTLED);
  });
  const range = make("span", { class: "lesson-how" }, `${low} to ${high}`);
  const steps = [step("−", "previous", -1), step("+", "next", 1)];
  return [make("div", { class: "lesson-field" }, make("label", {}, label, input), ...steps, range), show];
}

export default { render };
