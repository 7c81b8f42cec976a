// A real OpenID Connect provider for tests: node FOLDER PORT CALLBACK CLAIMS. Any password is right.

import { pathToFileURL } from "node:url";

const [folder, port, callback, claims] = process.argv.slice(2);
const place = pathToFileURL(`${folder}/node_modules/oidc-provider/lib/index.js`);
const { Provider } = await import(place);
const known = JSON.parse(claims);

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: "porchlight", client_secret: "a secret", redirect_uris: [callback] }],
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name", "groups"] },
  pkce: { required: () => true },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...known[id] }) }),
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
