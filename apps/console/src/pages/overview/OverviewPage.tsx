import { Alert, Card, List, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { readLedger } from '../../api/ledger.js';
import { statsQuery } from '../../api/queries.js';
import { readReadiness } from '../../api/readiness.js';
import { PageHead } from '../../kit/PageHead.js';
import { ProblemNote } from '../../kit/ProblemNote.js';
import { TextLink } from '../../kit/TextLink.js';

const LEDGER = ['admitted', 'delivered', 'pending', 'dead', 'cancelled'] as const;
const REFRESH_MS = 3_000;

export default function OverviewPage() {
  const { t } = useTranslation();
  return (
    <Stack gap="xl">
      <div>
        <PageHead title={t('overview.title')} />
        <Problems />
        <LedgerCards />
      </div>
      <Channels />
      <Trouble />
    </Stack>
  );
}

function Problems() {
  const { t } = useTranslation();
  const { data } = useQuery({ queryKey: ['readiness'], queryFn: readReadiness });
  if (!data || data.problems.length === 0) return null;
  return (
    <Alert color={data.state === 'degraded' ? 'yellow' : 'red'} title={t('overview.problems')} mb="md" role="alert">
      <List size="sm">
        {data.problems.map((problem) => (
          <List.Item key={problem}>{problem}</List.Item>
        ))}
      </List>
    </Alert>
  );
}

function LedgerCards() {
  const { t, i18n } = useTranslation();
  const { data, error } = useQuery({ queryKey: ['ledger'], queryFn: readLedger, refetchInterval: REFRESH_MS });
  const number = new Intl.NumberFormat(i18n.language);
  if (error) return <ProblemNote error={error} />;
  return (
    <section aria-label={t('overview.ledger')}>
      <Text size="sm" c="dimmed" mb="xs">
        {t('overview.ledger')}
      </Text>
      <SimpleGrid cols={{ base: 2, sm: 3, lg: 5 }}>
        {LEDGER.map((name) => (
          <Card key={name} withBorder padding="md">
            <Text size="sm" c="dimmed">
              {t(`overview.${name}`)}
            </Text>
            <Text fz={28} fw={600} style={{ fontVariantNumeric: 'tabular-nums' }}>
              {data ? number.format(data[name]) : '–'}
            </Text>
          </Card>
        ))}
      </SimpleGrid>
    </section>
  );
}

const COUNTS = ['delivered', 'suppressed', 'retried', 'dead'] as const;

function Channels() {
  const { t, i18n } = useTranslation();
  const { data } = useQuery(statsQuery);
  const number = new Intl.NumberFormat(i18n.language);
  if (!data) return null;
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        {t('overview.channels')}
      </Title>
      {data.channels.length === 0 ? (
        <Text c="dimmed">{t('overview.noChannels')}</Text>
      ) : (
        <Table.ScrollContainer minWidth={560} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
          <Table verticalSpacing="xs" highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('overview.channel')}</Table.Th>
                <Table.Th ta="right">{t('overview.waiting')}</Table.Th>
                <Table.Th ta="right">{t('overview.running')}</Table.Th>
                {COUNTS.map((name) => (
                  <Table.Th key={name} ta="right">
                    {t(`overview.${name}`)}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.channels.map(({ channel, waiting, running, hour }) => (
                <Table.Tr key={channel}>
                  <Table.Th scope="row">{channel}</Table.Th>
                  <Table.Td ta="right">{number.format(waiting)}</Table.Td>
                  <Table.Td ta="right">{number.format(running)}</Table.Td>
                  {COUNTS.map((name) => (
                    <Table.Td key={name} ta="right">
                      {number.format(hour[name])}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </section>
  );
}

function Trouble() {
  const { t } = useTranslation();
  const { data } = useQuery(statsQuery);
  if (!data || data.endpoints.length === 0) return null;
  const failing = data.endpoints.filter(({ hour }) => hour.dead > 0 || hour.retried > 0);
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        {t('overview.trouble')}
      </Title>
      {failing.length === 0 ? (
        <Text c="dimmed">{t('overview.noTrouble')}</Text>
      ) : (
        <List>
          {failing.map(({ endpointId, endpointName, hour }) => (
            <List.Item key={endpointId}>
              <TextLink to="/deliveries" search={{ endpoint: endpointId }}>
                {endpointName}
              </TextLink>
              : {t('overview.dead')} {hour.dead}, {t('overview.retried')} {hour.retried}
            </List.Item>
          ))}
        </List>
      )}
    </section>
  );
}
