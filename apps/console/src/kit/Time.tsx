import { Text, Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];

/** A time relative to now; the absolute one, in the zone of the viewer, is in the tooltip. */
export function Time({ at }: { at: string | null }) {
  const { i18n } = useTranslation();
  if (at === null) return null;
  const seconds = (Date.parse(at) - Date.now()) / 1_000;
  const [unit, size] = STEPS.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1];
  const relative = new Intl.RelativeTimeFormat(i18n.language, { numeric: 'auto' }).format(
    Math.round(seconds / size),
    unit,
  );
  const absolute = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'long' }).format(
    new Date(at),
  );
  return (
    <Tooltip label={absolute}>
      <Text component="time" dateTime={at} span inherit tabIndex={0} style={{ whiteSpace: 'nowrap' }}>
        {relative}
      </Text>
    </Tooltip>
  );
}
