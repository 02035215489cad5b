// The script of every page. Every page works without it: it swaps parts of a page instead of the whole page, moves among
// rows, and clicks buttons for shortcuts. Forms and links with data-swap="a b" request the blocks a and b of the answer's
// page; data-swap="page" requests the whole page and shows its main part.

const FRAGMENT = "x-fragment";
const root = document.documentElement;
root.classList.add("scripted");

// ---- parts of a page

const running = new WeakMap();

/** Sends a form and puts the parts of the answer in their places. Returns whether it arrived and was accepted. */
export async function send(form, fragment, button) {
  running.get(form)?.abort();
  const control = new AbortController();
  running.set(form, control);
  const address = button?.hasAttribute("formaction") ? button.formAction : form.action;
  const fields = new URLSearchParams(new FormData(form, button));
  const request =
    form.method === "get"
      ? [`${address.split("?")[0]}?${fields}`, {}]
      : [address, { method: "POST", body: fields }];
  const busy = button ?? form;
  busy.setAttribute("aria-busy", "true");
  try {
    return await load(request[0], fragment, { ...request[1], signal: control.signal });
  } catch (error) {
    if (error.name !== "AbortError") say(notSent(button), true);
    return false;
  } finally {
    busy.removeAttribute("aria-busy");
    if (running.get(form) === control) running.delete(form);
  }
}

function notSent(button) {
  const key = button?.dataset.key;
  return key ? document.body.dataset.notSentKey.replace("{key}", key) : document.body.dataset.notSent;
}

/** Requests parts of a page and puts them in their places. Returns whether the request was accepted. */
export async function load(address, fragment, options = {}) {
  const response = await fetch(address, { ...options, headers: { [FRAGMENT]: fragment, accept: "text/html" } });
  const html = await response.text();
  if (fragment === "page") show(html, response);
  else swap(html);
  return response.ok;
}

/** Shows the main part of a whole page, under its address if the request led to another one. */
function show(html, response) {
  const answer = new DOMParser().parseFromString(html, "text/html");
  const main = answer.querySelector("main");
  if (!main) {
    swap(html);
    return;
  }
  if (response.redirected && response.url !== location.href) history.pushState(null, "", response.url);
  document.title = answer.title;
  for (const selector of ["main", ".nav", "#shortcuts"]) {
    const [old, fresh] = [document.querySelector(selector), answer.querySelector(selector)];
    if (old && fresh) old.replaceWith(document.adoptNode(fresh));
  }
  const toast = answer.getElementById("toast");
  if (toast?.childNodes.length) notify(toast);
  const target = main.querySelector("[data-focus]") ?? main.querySelector("h1") ?? main;
  if (!target.hasAttribute("tabindex") && !target.matches("a, button, input, textarea")) target.tabIndex = -1;
  target.focus();
  scrollTo(0, 0);
  document.dispatchEvent(new Event("swapped"));
}

/** Replaces each element of the page that has the id of one in the answer. Opened details stay open. */
export function swap(html) {
  const answer = new DOMParser().parseFromString(html, "text/html");
  for (const fresh of [...answer.body.querySelectorAll("body > [id]")]) {
    const old = document.getElementById(fresh.id);
    if (!old) continue;
    if (fresh.id === "toast") {
      notify(fresh);
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
    else fresh.querySelector("[data-focus]")?.focus();
  }
  document.dispatchEvent(new Event("swapped"));
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
export function fill(field, value) {
  if (field.value === value) return;
  field.dataset.filling = "";
  field.focus({ preventScroll: true });
  field.select();
  if (!document.execCommand("insertText", false, value) || field.value !== value) field.value = value;
  delete field.dataset.filling;
}

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  const fragment = submitter?.dataset.swap ?? form.dataset.swap;
  if (fragment === undefined) {
    if (!form.matches("[data-live]")) submitter?.setAttribute("aria-busy", "true");
    return;
  }
  event.preventDefault();
  if (!running.has(form)) send(form, fragment, submitter);
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-swap]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  load(link.href, link.dataset.swap).catch(() => say(notSent(link), true));
});
// Filters apply as soon as one is chosen, and their address leaves out the empty ones.
document.addEventListener("change", (event) => {
  if (event.target.matches("select, [type=radio]")) event.target.form?.matches("[data-auto]") && event.target.form.requestSubmit();
});
document.addEventListener("formdata", (event) => {
  if (!event.target.matches("[data-auto]")) return;
  for (const [name, value] of [...event.formData]) if (!value) event.formData.delete(name);
});
addEventListener("popstate", () => location.reload());

// ---- notices

/** Shows words to everybody, screen readers too; for five seconds unless they stay. */
export function say(words, stays = false) {
  const toast = document.getElementById("toast");
  toast.textContent = words;
  clearTimeout(say.waiting);
  if (!stays) say.waiting = setTimeout(() => toast.replaceChildren(), 5000);
}

/** Shows the notice of an answer; one that offers to undo stays until the time to undo is over. */
function notify(fresh) {
  say("", true);
  document.getElementById("toast").replaceChildren(...document.adoptNode(fresh).childNodes);
  expire();
}

function expire() {
  const toast = document.getElementById("toast");
  const until = toast.querySelector("[data-left]");
  clearInterval(expire.waiting);
  if (!until) {
    if (toast.childNodes.length) say.waiting = setTimeout(() => toast.replaceChildren(), 5000);
    return;
  }
  const end = performance.now() + Number(until.dataset.left) * 1000;
  const tick = () => {
    const left = Math.ceil((end - performance.now()) / 1000);
    for (const place of toast.querySelectorAll("[data-countdown]")) place.textContent = ` ${left}`;
    if (left > 0) return;
    clearInterval(expire.waiting);
    until.remove();
    say.waiting = setTimeout(() => toast.replaceChildren(), 1000);
  };
  expire.waiting = setInterval(tick, 500);
  tick();
}
expire();

// ---- buttons that copy, toggle, open and close

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const { copy, copyText, toggle, dialog, themeNames } = button.dataset;
  if (copy) await write(document.querySelector(copy).textContent);
  if (copyText !== undefined) await write(copyText);
  if (toggle) {
    const pressed = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(pressed));
    document.querySelector(toggle).classList.toggle(button.dataset.class, pressed);
  }
  if (dialog) document.getElementById(dialog).showModal();
  if ("close" in button.dataset) button.closest("dialog").close();
  if (themeNames) {
    event.preventDefault();
    changeTheme(button, JSON.parse(themeNames));
  }
});
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  if (event.target.matches("dialog")) event.target.close(); // the backdrop
});
function begin(panel) {
  const inside = panel.contains(document.activeElement) && !document.activeElement.matches("summary");
  if (panel.open && !inside) panel.querySelector("[data-first]")?.focus();
}
// One panel is open at a time, and begins with its element that has data-first.
document.addEventListener(
  "toggle",
  ({ target }) => {
    if (!target.open || !target.matches("details.panel")) return;
    for (const panel of document.querySelectorAll("details.panel[open]")) {
      if (panel !== target) panel.open = false;
    }
    begin(target);
  },
  true,
);

/** Copies a text, or shows it where the browser does not allow that. */
export async function write(text) {
  try {
    await navigator.clipboard.writeText(text);
    say(document.body.dataset.copied);
  } catch {
    prompt("", text);
  }
}

function changeTheme(button, names) {
  const themes = Object.keys(names);
  const theme = button.value;
  root.dataset.theme = theme;
  button.value = themes[(themes.indexOf(theme) + 1) % themes.length];
  button.title = names[theme];
  button.setAttribute("aria-label", names[theme]);
  for (const icon of button.querySelectorAll("[data-icon]")) icon.hidden = icon.dataset.icon !== theme;
  fetch("/preferences", { method: "POST", body: new URLSearchParams({ theme }), redirect: "manual" }).catch(() => {});
}

// ---- rows: j and k move among the elements with data-row

function currentRow() {
  return document.querySelector("[data-row][aria-current='true']");
}

function move(step) {
  const rows = [...document.querySelectorAll("[data-rows] [data-row]")].filter(isShown);
  const now = rows.indexOf(currentRow());
  const next = rows[now < 0 ? (step > 0 ? 0 : rows.length - 1) : now + step];
  if (!next) return;
  rows[now]?.removeAttribute("aria-current");
  next.setAttribute("aria-current", "true");
  const target = next.matches("[tabindex]") ? next : (next.querySelector("[data-open]") ?? next);
  target.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

// ---- shortcuts: an element with data-key="g t" is clicked by these keys, a field is focused

const SAME = { "？": "?", "、": "/", "／": "/", "。": "." }; // what Chinese layouts send
const TYPING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
let first = "";

const isShown = (element) => element.getClientRects().length > 0;

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.key === "Process" || event.keyCode === 229) return;
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const { target } = event;
  if (event.key === "Escape") return leave(target);
  if (document.body.dataset.shortcuts === "off" || document.querySelector("dialog[open]")) return;
  if (target.matches?.(TYPING)) return;
  const letter = SAME[event.key] ?? (event.shiftKey ? event.key : event.key.toLowerCase());
  if (event.key === "Enter") {
    if (target.matches?.("[data-row]")) target.querySelector("[data-open]")?.click();
    return;
  }
  if (event.repeat && letter !== "j" && letter !== "k") return;
  const keys = first ? `${first} ${letter}` : letter;
  first = letter === "g" && !first ? "g" : "";
  if ((keys === "j" || keys === "k") && document.querySelector("[data-rows]")) {
    event.preventDefault();
    move(keys === "j" ? 1 : -1);
    return;
  }
  const name = `[data-key="${CSS.escape(keys)}"]`;
  const found = [...(currentRow()?.querySelectorAll(name) ?? []), ...document.querySelectorAll(name)];
  const element = found.find((one) => isShown(one) && !one.matches(":disabled"));
  if (!element) return;
  event.preventDefault();
  if (element.matches(TYPING)) {
    element.focus();
    return;
  }
  element.click();
  if (element.matches("summary")) begin(element.parentElement); // before the next key
});

/** Leaves a field, else closes the panel or menu around it. */
function leave(target) {
  if (target.matches?.(TYPING)) {
    target.blur();
    return;
  }
  const open = "details.menu[open], details.panel[open]";
  const panel = target.closest?.(open) ?? document.querySelector(open);
  if (!panel) return;
  panel.open = false;
  panel.querySelector("summary").focus();
}
