import { FakeKubernetesAccessApi } from '../../testUtils/FakeKubernetesAccessApi';
import { renderWithAccess } from '../../testUtils/renderWithAccess';
import { People } from './People';

async function textOf(names: string[], join: 'and' | 'or' = 'or') {
  const { container } = await renderWithAccess(
    <p data-testid="people">
      <People
        entityRefs={names.map(name => `user:default/${name}`)}
        join={join}
      />
    </p>,
    { api: new FakeKubernetesAccessApi() },
  );
  return container.querySelector('[data-testid=people]')?.textContent;
}

describe('people in a sentence', () => {
  it('are joined as the language does it', async () => {
    expect(await textOf(['ada'])).toBe('ada');
    expect(await textOf(['ada', 'sam'])).toBe('ada or sam');
    expect(await textOf(['ada', 'sam', 'pia'], 'and')).toBe(
      'ada, sam, and pia',
    );
  });

  it('are not all named when there are many', async () => {
    expect(await textOf(['a', 'b', 'c', 'd', 'e', 'f'])).toBe(
      'a, b, c, or 3 others',
    );
  });
});
