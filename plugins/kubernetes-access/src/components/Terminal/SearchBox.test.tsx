import { renderInTestApp } from '@backstage/test-utils';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { Found } from './createScreen';
import { SearchBox } from './SearchBox';

async function renderBox(found: Found) {
  const asked: string[] = [];
  const onClose = jest.fn();
  await renderInTestApp(
    <SearchBox
      find={(text, step) => asked.push(`${step} ${text}`)}
      found={found}
      onClose={onClose}
    />,
  );
  return { asked, onClose, user: userEvent.setup() };
}

describe('SearchBox', () => {
  it('looks while one types, goes on with Enter and back with Shift+Enter', async () => {
    const { asked, user } = await renderBox({ index: 0, count: 1 });
    await user.type(
      screen.getByLabelText('Search in the output'),
      'no{Enter}{Shift>}{Enter}{/Shift}',
    );
    expect(asked).toEqual(['here n', 'here no', 'next no', 'previous no']);
  });

  it.each([
    [{ index: -1, count: 0 }, 'Not found'],
    [{ index: 2, count: 12 }, '3 of 12'],
    [{ index: -1, count: 1000 }, '1000 or more'],
  ])('tells of %j in words', async (found, words) => {
    const { user } = await renderBox(found);
    expect(screen.queryByText(words)).not.toBeInTheDocument();
    await user.type(screen.getByLabelText('Search in the output'), 'x');
    expect(screen.getByText(words)).toBeVisible();
  });

  it('closes with Escape', async () => {
    const { user, onClose } = await renderBox({ index: -1, count: 0 });
    await user.type(screen.getByLabelText('Search in the output'), '{Escape}');
    expect(onClose).toHaveBeenCalled();
  });
});
