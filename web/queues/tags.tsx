import { Checkbox, Stack, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, type Schemas, take } from '../api/client.ts';
import { RequestNotice } from '../parts/request-notice.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import { useMay } from '../shell/session.ts';
import { QUEUES, queueQuery } from './queues-query.ts';

/** The tags of an item, among those of its queue; nothing where there are none. */
export function Tags({ item }: { readonly item: Schemas['ItemWithMessage'] }) {
  const { work } = useDeskWords();
  const mayWork = useMay('items.work');
  const queryClient = useQueryClient();
  const { data: queue } = useQuery({ ...queueQuery(item.queue?.id ?? ''), enabled: item.queue !== null });
  const change = useMutation({
    mutationFn: (body: Partial<Schemas['TagChange']>) =>
      take(api.PATCH('/api/v1/items/{id}/tags', { params: { path: { id: item.id } }, body })),
    onSuccess: (changed) => {
      queryClient.setQueryData(['item', item.id], changed);
      void queryClient.invalidateQueries({ queryKey: QUEUES });
    },
  });
  const all = [...new Set([...item.tags, ...(queue?.tags ?? [])])];
  if (all.length === 0) return null;
  return (
    <section className="panel panel-body" aria-labelledby="tags">
      <Title order={2} id="tags" mb={4}>
        {work.tags}
      </Title>
      <Stack gap={6}>
        {all.map((tag) => (
          <Checkbox
            key={tag}
            label={tag}
            checked={item.tags.includes(tag)}
            disabled={!mayWork || change.isPending}
            onChange={({ currentTarget: { checked } }) => change.mutate(checked ? { add: [tag] } : { remove: [tag] })}
          />
        ))}
        <RequestNotice request={change} />
      </Stack>
    </section>
  );
}
