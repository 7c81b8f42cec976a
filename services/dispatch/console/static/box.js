// A lit directive that places an element by its style object: the content policy allows that,
// and forbids style attributes.

import { Directive, directive } from "./vendor/lit-html/directive.js";
import { noChange } from "./vendor/lit-html/lit-html.js";

class Box extends Directive {
  #set = {};

  render() {
    return noChange;
  }

  update(part, [styles]) {
    for (const [name, value] of Object.entries(styles)) {
      if (this.#set[name] === value) continue;
      part.element.style.setProperty(name, value);
      this.#set[name] = value;
    }
    return noChange;
  }
}

export const box = directive(Box);
