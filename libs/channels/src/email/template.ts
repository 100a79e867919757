/** What fired, on what, how bad, since when, and where to look: for somebody who was asleep a minute ago. */
export const template = {
  en: {
    title: '{{ title }}',
    content: `Level: {{ level_name }}
Object: {{ object_name }}
Policy: {{ policy_name }}
Since: {{ starts_at }}

{{ content }}

{{ url }}`,
  },
  'zh-CN': {
    title: '{{ title }}',
    content: `级别：{{ level_name }}
对象：{{ object_name }}
策略：{{ policy_name }}
开始于：{{ starts_at }}

{{ content }}

{{ url }}`,
  },
} as const;
