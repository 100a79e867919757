import { Checkbox, Fieldset, Group, NumberInput, Stack, Switch, TagsInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { policiesQuery } from '../../api/queries.js';
import { LEVELS } from '../../kit/LevelBadge.js';
import type { FieldsProps } from './fields-props.js';

/** Which events are pushed, and how often: the same fields for every channel. */
export function RuleFields(props: FieldsProps) {
  const { draft, set, errorOf, isSaved } = props;
  const { t } = useTranslation();
  return (
    <Fieldset legend={t('endpoints.rules')}>
      <Stack>
        {!isSaved && <PolicyField {...props} />}
        <Checkbox.Group
          label={t('endpoints.levels')}
          value={draft.levels}
          onChange={(levels) => set({ levels })}
          error={errorOf('levels')}
        >
          <Group mt="xs">
            {LEVELS.map((level) => (
              <Checkbox key={level} value={level} label={t(`level.${level}`)} />
            ))}
          </Group>
        </Checkbox.Group>
        <Group align="start" grow preventGrowOverflow={false}>
          <TextInput
            label={t('endpoints.pushPeriod')}
            description={t('endpoints.pushPeriodHint')}
            placeholder="12h"
            value={draft.pushPeriod}
            onChange={({ currentTarget }) => set({ pushPeriod: currentTarget.value.trim() })}
            error={errorOf('pushPeriod')}
          />
          <NumberInput
            label={t('endpoints.maxPushes')}
            description={t('endpoints.maxPushesHint')}
            min={0}
            value={draft.maxPushes}
            onChange={(value) => set({ maxPushes: Number(value) || 0 })}
            error={errorOf('maxPushes')}
          />
        </Group>
        <Switch
          label={t('endpoints.enabled')}
          checked={draft.enabled}
          onChange={({ currentTarget }) => set({ enabled: currentTarget.checked })}
        />
      </Stack>
    </Fieldset>
  );
}

function PolicyField({ draft, set, errorOf }: FieldsProps) {
  const { t } = useTranslation();
  const { data: policies = [] } = useQuery(policiesQuery);
  return (
    <TagsInput
      label={t('endpoints.policies')}
      description={t('endpoints.policiesHint')}
      data={policies.map(({ key }) => key)}
      value={draft.policies}
      onChange={(keys) => set({ policies: keys })}
      splitChars={[',', '，', '\n']}
      acceptValueOnBlur
      error={errorOf('policies')}
    />
  );
}
