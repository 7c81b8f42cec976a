// Asks what teams are to be told, and which: chosen by hand, bound for an area, or all. Whom it
// reaches is shown before it is sent.

import { html } from "./vendor/lit-html/lit-html.js";
import { ask } from "./ask.js";
import { count } from "./words.js";

const MANY = 12; // teams, from which on there is a field to find them by
const LISTED = 14;

export function askBroadcast({ store, desk }, _party, _facts, { areas }) {
  const seen = store.version;
  const all = [...store.teams.values()].sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
  const teams = { name: "teams", label: "Which teams? None ticked means all.", type: "checks", options: options(all) };
  const fields = [
    ...(all.length > MANY ? [{ name: "find", label: "Find a team", type: "search", value: "", help: "Those ticked stay ticked." }] : []),
    teams,
    ...(areas.length ? [{ name: "areas", label: "And teams whose next stop is in", type: "checks", options: areas }] : []),
    { name: "words", label: "What?", type: "textarea", required: true, max: 500 },
  ];
  const changed = (values) => {
    const wanted = (values.find ?? "").trim().toLowerCase();
    teams.options = options(all.filter((t) => values.teams.includes(t.id) || t.name.toLowerCase().includes(wanted)));
  };
  const send = ({ find, ...values }) => desk.act("broadcast", values, said(store, all, values), seen);
  return ask({ title: "Tell the teams", submit: "Send", text: "It appears on their pages at once.", fields, changed, send, extra: (values) => preview(store, all, values) });
}

// The teams that it is for: those chosen, and those whose next open stop lies in the areas.
export function reached(store, all, { teams = [], areas = [] }) {
  if (!teams.length && !areas.length) return all;
  return all.filter((team) => teams.includes(team.id) || (areas.length && team.state !== "ended" && areas.includes(bound(store, team))));
}

function bound(store, team) {
  return store.parties.get(store.nextStop(team)?.party_id)?.area;
}

function preview(store, all, values) {
  const found = reached(store, all, values);
  return html`<p class="preview" role="status">${words(found, all)}</p>`;
}

function words(found, all) {
  if (!found.length) return "No team has its next stop there.";
  const names = listed(found);
  return found.length === all.length ? `It reaches all ${count(all.length, "team")}.` : `It reaches ${count(found.length, "team")}: ${names}.`;
}

function said(store, all, values) {
  const found = reached(store, all, values);
  return `Told ${found.length === all.length ? "all teams" : listed(found)}: “${values.words}”`;
}

function listed(teams) {
  const rest = teams.length - LISTED;
  return teams.slice(0, LISTED).map((t) => t.name).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}

function options(teams) {
  return teams.map((t) => [t.id, t.name]);
}
