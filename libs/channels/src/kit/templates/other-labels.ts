/**
 * Sets `others`: all labels but the name and severity of the alert, which templates show by other variables.
 * A part of the default templates.
 */
export const SET_OTHER_LABELS =
  '{% set others %}{% for name, text in labels | dictsort %}{% if name != "alertname" and name != "severity" %} {{ name }}={{ text }}' +
  '{% endif %}{% endfor %}{% endset %}';
