// What could come next, as a pure function of text, cursor and catalogue. (The server reads the text; this only helps.)

const FLAG = /(?:^|\s)(-{1,2})([\w-]*)$/u;
const VALUE = /^(?:[^]*\s)?--([\w-]+)(?:\s+|=)([^]*)$/u; // the last option: what is before it is taken greedily
const UNSAFE = /["“”„=]|(?:^|\s)[-—–]+\p{L}/u;

/** A value as it must be typed, in quotes only where they are needed. */
export const quoted = (value) => (UNSAFE.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

/** How well `text` answers `query`: 0 is best, null is not at all. */
export function rank(query, text) {
  const wanted = query.trim().toLowerCase();
  const name = text.toLowerCase();
  if (!wanted) return 0;
  if (name === wanted) return 0;
  if (name.startsWith(wanted)) return 1;
  const at = name.indexOf(wanted);
  if (at > 0) return /[\s\-_./(]/u.test(name[at - 1]) ? 2 : 3;
  if (wanted.length < 2) return null;
  let from = 0;
  for (const letter of wanted.replaceAll(" ", "")) {
    from = name.indexOf(letter, from) + 1;
    if (!from) return null;
  }
  return 4;
}

function found(query, items) {
  return items
    .map((item, place) => ({ item, place, rank: rank(query, item.label) ?? (item.help && query.length > 2 && item.help.toLowerCase().includes(query.toLowerCase()) ? 5 : null) }))
    .filter((one) => one.rank !== null)
    .sort((a, b) => a.rank - b.rank || a.place - b.place)
    .map((one) => one.item);
}

/** The options one may still type: the model's own when one is chosen, else those the command's models share. */
export function offered(command, text) {
  const model = command.models.find((one) => new RegExp(`--(?:model|m)[\\s=]+"?${escaped(one.model)}(?:"|\\s|$)`, "u").test(text));
  const options = model ? model.options : command.options;
  return options.filter((option) => !option.media);
}

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/gu, "\\$&");

const modelOption = (command) => ({
  name: "model",
  kind: "choice",
  help: command.models.map((one) => one.model).slice(0, 3).join(", "),
  choices: command.models.map((one) => one.model),
  models: command.models,
});

/** The models that have a choice, where not all of the command do: they speak different dialects. */
function speakers(choice, option, models) {
  const having = models.filter((model) => model.options.some((one) => one.name === option.name && one.choices.includes(choice)));
  return having.length < models.length ? having.map((one) => one.model).slice(0, 3).join(", ") : "";
}

function values(option, models) {
  if (option.models) {
    return option.models.map((one) => ({ label: one.model, insert: quoted(one.model), help: one.summary || one.title, note: one.price }));
  }
  const choices = option.kind === "flag" ? ["on", "off"] : option.choices;
  return choices.map((choice) => ({
    label: choice,
    insert: quoted(choice),
    help: speakers(choice, option, models),
    note: String(option.default ?? "") === choice ? "usual" : "",
  }));
}

function about(option) {
  if (option.choices.length && !option.models) return option.choices.slice(0, 5).join(" · ");
  const { minimum, maximum, unit } = option;
  const tail = unit ? ` ${unit}` : "";
  if (minimum !== null && minimum !== undefined && maximum !== null && maximum !== undefined) return `${minimum}–${maximum}${tail}`;
  return "";
}

/**
 * Suggestions at the cursor: {title, help, from, to, query, items: [{label, insert, help, note}]}, or null.
 * Taking an item replaces text[from..to] by its `insert` and a space.
 */
export function suggest(text, cursor, catalogue) {
  const before = text.slice(0, cursor);
  const head = /^\s*\/(\S*)$/u.exec(before);
  if (head) {
    const item = (one, note) => ({ label: `/${one.name}`, insert: `/${one.name}`, help: one.makes, note });
    const items = [...catalogue.commands.map((one) => item(one, cheapest(one))), ...catalogue.own.map((one) => item(one, ""))];
    return answer("What I can make", cursor - head[1].length - 1, cursor, `/${head[1]}`, found(`/${head[1]}`, items));
  }
  const started = /^\s*\/(\S+)\s+([^]*)$/u.exec(before);
  const command = started && catalogue.commands.find((one) => one.name === started[1].toLowerCase());
  return command ? within(command, started[2], text, cursor) : null;
}

function within(command, rest, text, cursor) {
  const flag = FLAG.exec(rest);
  const options = offered(command, text);
  if (flag) {
    const used = new Set(Array.from(text.matchAll(/--([\w-]+)/gu), (one) => one[1]));
    used.delete(flag[2]);
    const left = [...options.filter((one) => one.name !== command.lead), modelOption(command)].filter((one) => !used.has(one.name));
    const items = left.map((one) => ({ label: `--${one.name}`, insert: `--${one.name}`, help: one.help, note: about(one) }));
    const typed = flag[1] + flag[2];
    return answer("Options", cursor - typed.length, cursor, typed, found(flag[2], items.map((one) => ({ ...one }))));
  }
  const value = VALUE.exec(rest);
  const name = value ? value[1] : command.lead;
  const typed = value ? value[2] : rest;
  const option = name === "model" || name === "m" ? modelOption(command) : options.find((one) => one.name === name);
  if (!option) return null;
  const items = values(option, command.models);
  if (!items.length || (typed && /\s$/u.test(typed) && items.some((one) => same(one.label, typed)))) return null;
  return answer(option.name.replaceAll("_", " "), cursor - typed.length, cursor, typed, found(typed, items), option.help);
}

const same = (a, b) => a.trim().toLowerCase() === b.trim().toLowerCase();

function cheapest(command) {
  const prices = command.models.map((one) => Number(one.price.replace("$", ""))).filter((price) => price > 0);
  return prices.length ? `from $${Math.min(...prices).toFixed(2)}` : "";
}

const answer = (title, from, to, query, items, help = "") => (items.length ? { title, help, from, to, query, items } : null);

/** Whether what is typed is already the first item, so that Enter may send. */
export const complete = (found) => found.items.some((item) => same(item.label, found.query));
