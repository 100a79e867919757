/** The level once: it stands in the title already where the event has none of its own. */
const title = '{% if "[" ~ level_name ~ "]" not in title %}[{{ level_name }}] {% endif %}{{ title }}';

/** What fired, on what, how bad, since when, and where to look: for somebody who was asleep a minute ago. */
export const template = {
  en: {
    title,
    content: `{{ level_name }}: {{ object_name }}
Policy: {{ policy_name }}
{%- if value is not none %}
Value: {{ value }}{{ " " ~ unit if unit }}
{%- endif %}
{%- if starts_at %}
Since: {{ starts_at | date }}
{%- endif %}
{%- if ends_at %}
Until: {{ ends_at | date }}
{%- endif %}
{%- if content %}

{{ content }}
{%- endif %}
{%- if suppressed_count %}

Held back since the last message: {{ suppressed_count }}
{%- endif %}
{%- if delayed_by >= 60 %}

This message is {{ delayed_by | duration }} late.
{%- endif %}
{%- if url %}

{{ url }}
{%- endif %}`,
  },
  'zh-CN': {
    title,
    content: `{{ level_name }}：{{ object_name }}
策略：{{ policy_name }}
{%- if value is not none %}
数值：{{ value }}{{ " " ~ unit if unit }}
{%- endif %}
{%- if starts_at %}
开始：{{ starts_at | date }}
{%- endif %}
{%- if ends_at %}
结束：{{ ends_at | date }}
{%- endif %}
{%- if content %}

{{ content }}
{%- endif %}
{%- if suppressed_count %}

自上次通知以来被抑制：{{ suppressed_count }} 条
{%- endif %}
{%- if delayed_by >= 60 %}

本通知延迟了 {{ delayed_by | duration }}。
{%- endif %}
{%- if url %}

{{ url }}
{%- endif %}`,
  },
} as const;
