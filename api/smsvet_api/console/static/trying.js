// The page to try texts: it reviews while somebody types, and keeps the marks under the text.

import { send, write } from "./console.js";

const PAUSE = 250; // milliseconds without a key before a text is sent
const LATER = 450; // milliseconds before the slower parts follow

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  const fragment = submitter?.dataset.fragment;
  if (!fragment || !form.matches("[data-live]")) return;
  event.preventDefault();
  clearTimeout(waiting);
  send(form, fragment, submitter);
});

// ---- reviewing while somebody types

let composing = false;
let waiting = 0;

function soon(form) {
  clearTimeout(waiting);
  waiting = setTimeout(async () => {
    if (!(await send(form, form.dataset.live)) || !form.dataset.then) return;
    waiting = setTimeout(() => send(form, form.dataset.then), LATER);
  }, PAUSE);
}

document.addEventListener("compositionstart", () => {
  composing = true;
  clearTimeout(waiting);
});
document.addEventListener("compositionend", (event) => {
  composing = false;
  follow(event.target);
});
document.addEventListener("input", (event) => {
  if (event.target.id === "try-content") mirror(event.target);
  if (!event.target.matches("[data-filling]") && !composing && !event.isComposing) follow(event.target);
});

function follow(field) {
  const form = field.form;
  if (form?.matches("[data-live]") && !("still" in field.dataset)) soon(form);
}

/** Keeps the marks under the text: the changed part of the overlay loses its marks, the rest keeps them. */
function mirror(field) {
  const marks = document.getElementById("try-marks");
  const [before, after] = [marks.textContent.replace(/\u200b$/, ""), field.value];
  let start = 0;
  while (start < Math.min(before.length, after.length) && before[start] === after[start]) start++;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  const range = document.createRange();
  range.setStart(...at(marks, start));
  range.setEnd(...at(marks, before.length - end));
  range.deleteContents();
  range.insertNode(document.createTextNode(after.slice(start, after.length - end)));
}

/** Returns the text node and offset of a place in an element, in UTF-16 units as the browser counts. */
function at(element, place) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let node = null;
  while (walker.nextNode()) {
    node = walker.currentNode;
    if (place <= node.length) return [node, place];
    place -= node.length;
  }
  return node ? [node, node.length] : [element, 0];
}

// ---- a mark and its finding point at each other

document.addEventListener("selectionchange", () => {
  const field = document.activeElement;
  if (field?.id !== "try-content") return;
  const [node] = at(document.getElementById("try-marks"), field.selectionStart);
  point(node.parentElement?.closest?.("mark")?.dataset.numbers?.split(" ") ?? []);
});
for (const kind of ["pointerover", "focusin"]) {
  document.addEventListener(kind, (event) => {
    const finding = event.target.closest?.(".finding");
    if (finding) point([finding.dataset.number]);
    else if (kind === "pointerover" && document.activeElement?.id !== "try-content") point([]);
  });
}

function point(numbers) {
  for (const mark of document.querySelectorAll("#try-marks mark")) {
    mark.classList.toggle("pointed", mark.dataset.numbers.split(" ").some((one) => numbers.includes(one)));
  }
  for (const finding of document.querySelectorAll("#try-verdict .finding")) {
    finding.classList.toggle("pointed", numbers.includes(finding.dataset.number));
  }
}

// The text may have changed since the request that an answer is for.
document.addEventListener("swapped", () => {
  const field = document.getElementById("try-content");
  if (field) mirror(field);
});

// ---- links with a text in their fragment

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy-link]");
  if (button) write(link(button.form));
});

/** Returns the address of the page: the settings in its query, the text in its fragment, which is never sent. */
function link(form) {
  const address = new URL(form.action);
  for (const name of ["kind", "provider", "purpose", "as_of"]) {
    const value = new FormData(form).get(name);
    if (value) address.searchParams.set(name, value);
  }
  address.hash = `text=${encodeURIComponent(form.elements.content.value)}`;
  return address.href;
}

const text = new URLSearchParams(location.hash.slice(1)).get("text");
const content = document.getElementById("try-content");
if (text !== null && content) {
  history.replaceState(null, "", location.pathname + location.search);
  content.value = text;
  mirror(content);
  soon(content.form);
}
