import { SET_OTHER_LABELS } from './other-labels.js';
import type { READABLE_TEMPLATE } from './readable-template.js';

/** The default templates of channels that display one line. */
export const ONE_LINE_TEMPLATE: typeof READABLE_TEMPLATE = {
  en: {
    title: '{{ title }}',
    content:
      `${SET_OTHER_LABELS}[{{ level_name }}] {{ title }} | {{ policy_name }} on {{ object_name }}{% if others %} |{{ others }}{% endif %}` +
      '{% if value != null %} | {{ value }}{{ unit }}{% endif %}{% if starts_at %} | since {{ starts_at | date }}{% endif %}' +
      '{% if delayed_by >= 60 %} | {{ delayed_by | duration }} late{% endif %}' +
      '{% if suppressed_count > 0 %} | {{ suppressed_count }} further events suppressed{% endif %}' +
      '{% if annotations.fallback_for %} | forwarded from {{ annotations.fallback_for }}{% endif %}{% if url %} | {{ url }}{% endif %}',
  },
  'zh-CN': {
    title: '{{ title }}',
    content:
      `${SET_OTHER_LABELS}[{{ level_name }}] {{ title }} | {{ policy_name }}：{{ object_name }}{% if others %} |{{ others }}{% endif %}` +
      '{% if value != null %} | {{ value }}{{ unit }}{% endif %}{% if starts_at %} | 开始 {{ starts_at | date }}{% endif %}' +
      '{% if delayed_by >= 60 %} | 延迟 {{ delayed_by | duration }}{% endif %}' +
      '{% if suppressed_count > 0 %} | 已抑制 {{ suppressed_count }} 条{% endif %}' +
      '{% if annotations.fallback_for %} | 转自“{{ annotations.fallback_for }}”{% endif %}{% if url %} | {{ url }}{% endif %}',
  },
};
