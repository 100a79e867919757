import type { Language } from '#libs/contracts';
import { SET_OTHER_LABELS } from './other-labels.js';

/**
 * The default templates of channels that people read: level and title first, then the text of the monitoring system,
 * then one fact a line. The link comes last and alone, so that a channel can turn it into a button.
 */
export const READABLE_TEMPLATE: Readonly<Record<Language, { readonly title: string; readonly content: string }>> = {
  en: {
    title: '[{{ level_name }}] {{ title }}',
    content: `${SET_OTHER_LABELS}{% if annotations.fallback_for -%}
Forwarded because delivery to "{{ annotations.fallback_for }}" failed
{%- if annotations.fallback_reason %} ({{ annotations.fallback_reason }}){% endif %}.

{% endif -%}
{% if content -%}
{{ content }}

{% endif -%}
Policy: {{ policy_name }}
Object: {{ object_name }}
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
Delayed: {{ delayed_by | duration }}
{% endif -%}
{% if suppressed_count > 0 -%}
Suppressed: {{ suppressed_count }} further events since the last message
{% endif -%}
{% if annotations.runbook_url or annotations.runbook -%}
Runbook: {{ annotations.runbook_url or annotations.runbook }}
{% endif -%}
{% if url %}
{{ url }}
{% endif %}`,
  },
  'zh-CN': {
    title: '[{{ level_name }}] {{ title }}',
    content: `${SET_OTHER_LABELS}{% if annotations.fallback_for -%}
因推送至“{{ annotations.fallback_for }}”失败，转发至此
{%- if annotations.fallback_reason %}（{{ annotations.fallback_reason }}）{% endif %}。

{% endif -%}
{% if content -%}
{{ content }}

{% endif -%}
告警策略：{{ policy_name }}
监控对象：{{ object_name }}
{% if others -%}
标签：{{ others | trim }}
{% endif -%}
等级：{{ level_name }}{% if value != null %}，当前值 {{ value }}{{ " " if unit and unit != "%" }}{{ unit }}{% endif %}
{% if starts_at -%}
开始时间：{{ starts_at | date }}
{% endif -%}
{% if level == "recovered" and ends_at -%}
恢复时间：{{ ends_at | date }}
{% endif -%}
{% if delayed_by >= 60 -%}
延迟：{{ delayed_by | duration }}
{% endif -%}
{% if suppressed_count > 0 -%}
已抑制：上次推送以来另有 {{ suppressed_count }} 条告警事件
{% endif -%}
{% if annotations.runbook_url or annotations.runbook -%}
处理手册：{{ annotations.runbook_url or annotations.runbook }}
{% endif -%}
{% if url %}
{{ url }}
{% endif %}`,
  },
};
