// Elements, made without markup: what people typed is only ever text.

export const $ = (id) => document.getElementById(id);

/** h("p.note", {hidden: true, onclick: f}, "text", child) */
export function h(what, attributes = {}, ...children) {
  const [tag, ...classes] = what.split(".");
  const element = document.createElement(tag || "div");
  if (classes.length) element.className = classes.join(" ");
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "data") Object.assign(element.dataset, value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  svg.setAttribute("aria-hidden", "true");
  return svg;
}

/** "/effect Kiss --duration 8" with the command and the options' names set apart. */
export function written(text) {
  return text.split(/(^\s*\/\S+|(?:^|\s)--[\w-]+)/u).filter(Boolean).map((part) => {
    if (/^\s*\//u.test(part)) return h("code", {}, part);
    if (/^\s*--/u.test(part)) return h("i", {}, part);
    return part;
  });
}

const clock = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });

/** The time of today, the day of any other. */
export function when(iso) {
  const at = new Date(iso);
  return at.toDateString() === new Date().toDateString() ? clock.format(at) : day.format(at);
}

export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
