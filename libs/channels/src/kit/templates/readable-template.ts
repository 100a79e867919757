import type { Language } from '#libs/contracts';

/** What tells an alert from others of its name on the same object; its name and severity are told already. */
const LABELS =
  '{% set others %}{% for name, text in labels | dictsort %}{% if name != "alertname" and name != "severity" %} {{ name }}={{ text }}' +
  '{% endif %}{% endfor %}{% endset %}';

/**
 * The default templates of channels that people read, perhaps at night: how bad it is and what fired first, then what the
 * monitoring system says, then one line each for what, where, since when, how late, and how many were held back. The link
 * comes last and stands alone, so that a channel may make a button of it.
 */
export const FOR_PEOPLE: Readonly<Record<Language, { readonly title: string; readonly content: string }>> = {
  en: {
    title: '[{{ level_name }}] {{ title }}',
    content: `${LABELS}{% if annotations.fallback_for -%}
Sent here because "{{ annotations.fallback_for }}" did not take it
{%- if annotations.fallback_reason %} ({{ annotations.fallback_reason }}){% endif %}.

{% endif -%}
{% if content -%}
{{ content }}

{% endif -%}
Alert: {{ policy_name }}
On: {{ object_name }}
{% if others -%}
Labels:{{ others }}
{% endif -%}
Level: {{ level_name }}{% if value != null %}, {{ value }}{{ " " if unit and unit != "%" }}{{ unit }}{% endif %}
{% if starts_at -%}
Since: {{ starts_at | date }}
{% endif -%}
{% if level == "recovered" and ends_at -%}
Until: {{ ends_at | date }}
{% endif -%}
{% if delayed_by >= 60 -%}
Late: this message comes {{ delayed_by | duration }} late
{% endif -%}
{% if suppressed_count > 0 -%}
Held back: {{ suppressed_count }} further reports of it since the last message
{% endif -%}
{% if annotations.runbook_url or annotations.runbook -%}
What to do: {{ annotations.runbook_url or annotations.runbook }}
{% endif -%}
{% if url %}
{{ url }}
{% endif %}`,
  },
  'zh-CN': {
    title: '[{{ level_name }}] {{ title }}',
    content: `${LABELS}{% if annotations.fallback_for -%}
因“{{ annotations.fallback_for }}”未能送达，转发至此
{%- if annotations.fallback_reason %}（{{ annotations.fallback_reason }}）{% endif %}。

{% endif -%}
{% if content -%}
{{ content }}

{% endif -%}
告警：{{ policy_name }}
对象：{{ object_name }}
{% if others -%}
标签：{{ others | trim }}
{% endif -%}
级别：{{ level_name }}{% if value != null %}，当前值 {{ value }}{{ " " if unit and unit != "%" }}{{ unit }}{% endif %}
{% if starts_at -%}
开始时间：{{ starts_at | date }}
{% endif -%}
{% if level == "recovered" and ends_at -%}
恢复时间：{{ ends_at | date }}
{% endif -%}
{% if delayed_by >= 60 -%}
延迟：本消息迟到 {{ delayed_by | duration }}
{% endif -%}
{% if suppressed_count > 0 -%}
未推送：上次推送以来该告警另有 {{ suppressed_count }} 次上报
{% endif -%}
{% if annotations.runbook_url or annotations.runbook -%}
处理方法：{{ annotations.runbook_url or annotations.runbook }}
{% endif -%}
{% if url %}
{{ url }}
{% endif %}`,
  },
};

/** The same for receivers that want one line. */
export const IN_ONE_LINE: typeof FOR_PEOPLE = {
  en: {
    title: '{{ title }}',
    content:
      `${LABELS}[{{ level_name }}] {{ title }} | {{ policy_name }} on {{ object_name }}{% if others %} |{{ others }}{% endif %}` +
      '{% if value != null %} | {{ value }}{{ unit }}{% endif %}{% if starts_at %} | since {{ starts_at | date }}{% endif %}' +
      '{% if delayed_by >= 60 %} | {{ delayed_by | duration }} late{% endif %}' +
      '{% if suppressed_count > 0 %} | {{ suppressed_count }} further reports held back{% endif %}' +
      '{% if annotations.fallback_for %} | sent for {{ annotations.fallback_for }}{% endif %}{% if url %} | {{ url }}{% endif %}',
  },
  'zh-CN': {
    title: '{{ title }}',
    content:
      `${LABELS}[{{ level_name }}] {{ title }} | {{ policy_name }}：{{ object_name }}{% if others %} |{{ others }}{% endif %}` +
      '{% if value != null %} | {{ value }}{{ unit }}{% endif %}{% if starts_at %} | 开始 {{ starts_at | date }}{% endif %}' +
      '{% if delayed_by >= 60 %} | 迟到 {{ delayed_by | duration }}{% endif %}' +
      '{% if suppressed_count > 0 %} | 另有 {{ suppressed_count }} 次上报未推送{% endif %}' +
      '{% if annotations.fallback_for %} | 代“{{ annotations.fallback_for }}”{% endif %}{% if url %} | {{ url }}{% endif %}',
  },
};
