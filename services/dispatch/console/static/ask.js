// Asks for what an action needs, in one dialog; what the server refuses is told beside its field.

import { html, nothing, render } from "./vendor/lit-html/lit-html.js";
import { live } from "./vendor/lit-html/directives/live.js";

const dialog = document.getElementById("ask");

// fields: [{name, label, type, value, options, required, min, max, help, rows}].
// send(values) returns null when it is done, or {detail, errors} to be shown. `extra` draws more.
export function ask({ title, text = "", fields = [], submit, danger = false, send, extra = null, changed = null }) {
  const values = Object.fromEntries(fields.map((f) => [f.name, f.value ?? (f.type === "checks" ? [] : "")]));
  let trouble = { detail: "", errors: {} };
  let busy = false;
  const draw = () => render(form(), dialog);
  const set = (name, value) => {
    values[name] = value;
    changed?.(values, draw);
    draw();
  };

  async function go(event) {
    event.preventDefault();
    if (busy) return;
    busy = true;
    draw();
    const refused = await send(typed(fields, values));
    busy = false;
    if (!refused) return close();
    trouble = { detail: refused.detail ?? "", errors: refused.errors ?? {} };
    draw();
    dialog.querySelector('[aria-invalid="true"]')?.focus();
  }

  function form() {
    return html`<form method="dialog" @submit=${go}>
      <h2 id="ask-title">${title}</h2>
      ${text ? html`<p class="ask-text">${text}</p>` : nothing}
      ${trouble.detail ? html`<p class="refused" role="alert">${trouble.detail}</p>` : nothing}
      <div class="fields">${fields.map((f) => field(f, values[f.name], (v) => set(f.name, v), trouble.errors[f.name]))}</div>
      ${extra?.(values) ?? nothing}
      <div class="ask-buttons">
        <button type="button" @click=${close}>Leave it <kbd>Esc</kbd></button>
        <button type="submit" class=${danger ? "danger" : "main"} aria-disabled=${busy}>${busy ? "Sending…" : submit}</button>
      </div>
    </form>`;
  }

  draw();
  changed?.(values, draw);
  if (!dialog.open) dialog.showModal();
  (dialog.querySelector("[autofocus]") ?? dialog.querySelector("input, select, textarea") ?? dialog.querySelector("[type=submit]"))?.focus();
  return { redraw: draw, set };
}

export function close() {
  dialog.close();
}

dialog.addEventListener("close", () => render(nothing, dialog));

function typed(fields, values) {
  const made = {};
  for (const { name, type } of fields) {
    const value = values[name];
    if (value === "" || (Array.isArray(value) && !value.length)) continue;
    made[name] = type === "number" ? Number(value) : value;
  }
  return made;
}

function field(spec, value, set, errors) {
  const wrong = errors?.length ? errors.join(" ") : "";
  const id = `ask-${spec.name}`;
  const note = wrong || spec.help;
  return html`<div class="field" data-type=${spec.type ?? "text"} data-half=${Boolean(spec.half)}>
    ${spec.type === "checks" || spec.type === "choice" ? nothing : html`<label for=${id}>${spec.label}</label>`}
    ${control(spec, id, value, set, Boolean(wrong))}
    ${note ? html`<p class=${wrong ? "refused" : "help"} id="${id}-note">${note}</p>` : nothing}
  </div>`;
}

function control(spec, id, value, set, wrong) {
  const typedIn = (event) => set(event.target.value);
  const note = wrong || spec.help ? `${id}-note` : nothing;
  if (spec.type === "textarea") {
    return html`<textarea id=${id} rows=${spec.rows ?? 3} maxlength=${spec.max ?? 480} ?required=${spec.required}
      aria-invalid=${wrong} aria-describedby=${note} .value=${live(value)} @input=${typedIn}></textarea>`;
  }
  if (spec.type === "select") {
    return html`<select id=${id} ?required=${spec.required} aria-invalid=${wrong} aria-describedby=${note} @change=${typedIn}>
      ${spec.options.map(([v, words]) => html`<option value=${v} ?selected=${v === value}>${words}</option>`)}
    </select>`;
  }
  if (spec.type === "checks" || spec.type === "choice") return choices(spec, id, value, set);
  return html`<input id=${id} type=${spec.type ?? "text"} ?required=${spec.required} min=${spec.min ?? nothing} max=${spec.max ?? nothing}
    step=${spec.step ?? nothing} autocomplete="off" inputmode=${spec.type === "number" ? "numeric" : nothing}
    aria-invalid=${wrong} aria-describedby=${note} .value=${live(String(value))} @input=${typedIn}>`;
}

function choices(spec, id, value, set) {
  const many = spec.type === "checks";
  const flip = (v) => set(many ? (value.includes(v) ? value.filter((o) => o !== v) : [...value, v]) : v);
  return html`<fieldset id=${id}><legend>${spec.label}</legend>
    ${spec.options.map(([v, words]) => html`<label class="choice"><input type=${many ? "checkbox" : "radio"} name=${spec.name}
      ?required=${spec.required && !many} .checked=${live(many ? value.includes(v) : value === v)} @change=${() => flip(v)}> ${words}</label>`)}
  </fieldset>`;
}
