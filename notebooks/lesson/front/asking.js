// What both controls share: elements, keys, and telling the kernel of a change and the reader of a silent kernel.

const SILENT = "The picture has not followed yet. Wait if the kernel is busy, else run this cell again.";
const PATIENCE = 3000;

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

// On the focused element itself this keeps JupyterLab's commands away: b, m and dd change cells. While Control or
// Command is held they are let through: Control+S saves, and Control+Enter runs the cell.
const GUARD = "data-lm-suppress-shortcuts";

function guarded(node) {
  const guard = () => node.setAttribute(GUARD, "true");
  guard();
  const open = ({ key }) => { if (["Control", "Meta"].includes(key)) node.removeAttribute(GUARD); };
  node.addEventListener("keydown", open);
  node.addEventListener("keyup", ({ ctrlKey, metaKey }) => { if (!ctrlKey && !metaKey) guard(); });
  node.addEventListener("blur", guard);
  return node;
}

function teller(model) {
  const line = make("p", { role: "status", class: "lesson-said" });
  let words = "";
  let timer = 0;

  function heard() {
    if (model.get("answered") < model.get("asked")) return;
    clearTimeout(timer);
    if (line.textContent !== words) line.textContent = words;
  }

  function tell(said) {
    words = said;
    line.textContent = words;
    model.set("asked", model.get("asked") + 1);
    model.save_changes();
    clearTimeout(timer);
    timer = setTimeout(() => { line.textContent = `${words} ${SILENT}`.trim(); }, PATIENCE);
  }

  model.on("change:answered", heard);
  return { line, tell, stop: () => { clearTimeout(timer); model.off("change:answered", heard); } };
}
