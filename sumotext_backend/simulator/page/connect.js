// How a program is pointed here: a line for each SDK, of the dialects that are spoken.

import { copy, el } from "./dom.js";

const LINES = [
  ["", "This library, whatever its provider is", (url) => `export SMS_DSN='inbox://?base_url=${url}'`],
  ["twilio", "Twilio for Python", (url) => `client.api.base_url = "${url}/twilio"`],
  ["vonage", "Vonage for Python, which wants https", (url) => `vonage.HttpClientOptions(rest_host="${new URL(url).host}/vonage")`],
  ["telnyx", "Telnyx for Python", (url) => `telnyx.Telnyx(api_key="any", base_url="${url}/telnyx/v2")`],
  ["plivo", "Plivo for Python", (url) => `plivo.rest.client.PLIVO_API_BASE_URI = "${url}/plivo/v1/Account"`],
  ["bandwidth", "Bandwidth, base URL", (url) => `${url}/bandwidth`],
  ["aws", "boto3", (url) => `boto3.client("pinpoint-sms-voice-v2", endpoint_url="${url}/aws")`],
  ["infobip", "Infobip for Python", (url) => `Configuration(host="${url}/infobip")`],
  ["sinch", "Sinch for Python", (url) => `client.configuration.sms_domain_with_service_plan_id = "${url}/sinch"`],
  ["messagebird", "MessageBird for Python", (url) => `messagebird.Client("key", HttpClient("${url}/messagebird/", "key", "test"))`],
  ["clicksend", "ClickSend for Python", (url) => `configuration.host = "${url}/clicksend"`],
  ["46elks", "46elks, base URL", (url) => `${url}/46elks`],
  ["kannel", "Kannel, base URL", (url) => `${url}/kannel`],
  ["sumotext", "SUMOTEXT, by its legacy page", (url) => `curl '${url}/secure/sumoSend.aspx?mobile=5015551234&carrier=ATTUS&shortcode=74700&key=SUMO&msg=hello'`],
];

export function lines(dialects) {
  const url = location.origin;
  const spoken = LINES.filter(([name]) => !name || dialects.includes(name));
  return el("div", { class: "lines" }, ...spoken.map(([, title, words]) => makeLine(title, words(url))));
}

function makeLine(title, words) {
  const button = el("button", { type: "button", "aria-label": `Copy the line: ${title}` }, "Copy");
  button.addEventListener("click", () => copy(words, button));
  return el("section", { class: "line" }, el("h3", {}, title), el("div", {}, el("code", {}, words), button));
}
