// The script of the console. Every page works without it: it swaps parts of a page instead of the whole page, reviews
// while somebody types, and adds shortcuts.

const PAUSE = 250; // milliseconds without a key before a text is sent
const LATER = 450; // milliseconds before the slower parts follow
const FRAGMENT = "x-fragment";
const root = document.documentElement;
root.classList.add("scripted");

// ---- parts of a page

const running = new WeakMap();

/** Sends a form and puts the parts of the answer in their places. Returns whether it arrived. */
async function send(form, fragment, button) {
  running.get(form)?.abort();
  const control = new AbortController();
  running.set(form, control);
  const busy = button ?? form;
  busy.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(new FormData(form, button)),
      headers: { [FRAGMENT]: fragment, accept: "text/html" },
      signal: control.signal,
    });
    swap(await response.text());
    return response.ok;
  } catch (error) {
    if (error.name !== "AbortError") say(document.body.dataset.notSent);
    return false;
  } finally {
    busy.removeAttribute("aria-busy");
  }
}

/** Replaces each element of the page that has the id of one in the answer. Opened details stay open. */
function swap(html) {
  const answer = new DOMParser().parseFromString(html, "text/html");
  for (const fresh of [...answer.body.querySelectorAll("body > [id]")]) {
    const old = document.getElementById(fresh.id);
    if (!old) continue;
    if (fresh.id === "toast") {
      say(fresh.textContent);
      continue;
    }
    if (fresh instanceof HTMLTextAreaElement) {
      fill(old, fresh.value);
      continue;
    }
    for (const detail of old.querySelectorAll("details[id][open]")) {
      const same = fresh.querySelector(`#${CSS.escape(detail.id)}`);
      if (same) same.open = true;
    }
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    old.replaceWith(document.adoptNode(fresh));
    if (focused) refocus(fresh, focused);
  }
  // The text may have changed since the request that this answers.
  const field = document.getElementById("try-content");
  if (field) mirror(field);
}

function refocus(part, focused) {
  const name = focused.getAttribute("name");
  const twin =
    (focused.id && document.getElementById(focused.id)) ||
    (name && part.querySelector(`[name="${name}"][value="${CSS.escape(focused.value ?? "")}"]`)) ||
    (name && part.querySelector(`[name="${name}"]`));
  if (!twin) {
    part.setAttribute("tabindex", "-1");
    part.focus({ preventScroll: true });
    return;
  }
  twin.focus({ preventScroll: true });
  if (twin instanceof HTMLInputElement && twin.value !== focused.value) twin.value = focused.value;
}

/** Replaces the text of a field in a way that the browser can undo. */
function fill(field, value) {
  if (field.value === value) return;
  filling = true;
  field.focus({ preventScroll: true });
  field.select();
  if (!document.execCommand("insertText", false, value) || field.value !== value) field.value = value;
  filling = false;
}

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
let filling = false;
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
  if (!filling && !composing && !event.isComposing) follow(event.target);
});

function follow(field) {
  const form = field.form;
  if (form?.matches("[data-live]") && field.name !== "explain") soon(form);
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

// ---- copying

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-copy-link]");
  if (!button) return;
  const text = button.dataset.copy ? document.querySelector(button.dataset.copy).textContent : link(button.form);
  try {
    await navigator.clipboard.writeText(text);
    say(document.body.dataset.copied);
  } catch {
    prompt("", text);
  }
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

function say(words) {
  const toast = document.getElementById("toast");
  toast.textContent = words;
  clearTimeout(say.waiting);
  say.waiting = setTimeout(() => toast.replaceChildren(), 5000);
}

// ---- theme, menus

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-theme-names]");
  if (!button) return;
  event.preventDefault();
  const names = JSON.parse(button.dataset.themeNames);
  const themes = Object.keys(names);
  const theme = button.value;
  root.dataset.theme = theme;
  button.value = themes[(themes.indexOf(theme) + 1) % themes.length];
  button.title = names[theme];
  button.setAttribute("aria-label", names[theme]);
  for (const icon of button.querySelectorAll("[data-icon]")) icon.hidden = icon.dataset.icon !== theme;
  fetch("/preferences", { method: "POST", body: new URLSearchParams({ theme }), redirect: "manual" }).catch(() => {});
});
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// ---- shortcuts: an element with data-key="g t" is clicked by these keys

let first = "";

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.key === "Process" || event.keyCode === 229) return;
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const { target } = event;
  if (event.key === "Escape") {
    const menu = target.closest?.("details.menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    } else if (target.matches("input, textarea, select")) target.blur();
    return;
  }
  if (event.repeat || target.matches?.("input, textarea, select, [contenteditable]")) return;
  const keys = first ? `${first} ${event.key}` : event.key;
  first = event.key === "g" && !first ? "g" : "";
  const found = document.querySelector(`[data-key="${CSS.escape(keys)}"]`);
  if (!found) return;
  event.preventDefault();
  found.click();
});

// ---- a link with a text in its fragment

const text = new URLSearchParams(location.hash.slice(1)).get("text");
const content = document.getElementById("try-content");
if (text !== null && content) {
  history.replaceState(null, "", location.pathname + location.search);
  content.value = text;
  mirror(content);
  soon(content.form);
}
