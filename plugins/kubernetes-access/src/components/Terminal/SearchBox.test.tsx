import { renderInTestApp } from '@backstage/test-utils';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { SearchBox } from './SearchBox';

async function renderBox(printed: string) {
  const asked: string[] = [];
  const onClose = jest.fn();
  await renderInTestApp(
    <SearchBox
      find={(text, direction) => {
        asked.push(`${direction} ${text}`);
        return printed.includes(text);
      }}
      onClose={onClose}
    />,
  );
  return { asked, onClose, user: userEvent.setup() };
}

describe('SearchBox', () => {
  it('looks while one types, goes on with Enter and back with Shift+Enter', async () => {
    const { asked, user } = await renderBox('error: no space');
    await user.type(
      screen.getByLabelText('Search in the output'),
      'no{Enter}{Shift>}{Enter}{/Shift}',
    );
    expect(asked).toEqual(['next n', 'next no', 'next no', 'previous no']);
  });

  it('says when there is nothing to be found', async () => {
    const { user } = await renderBox('all is well');
    await user.type(screen.getByLabelText('Search in the output'), 'x');
    expect(screen.getByText('Not found')).toBeVisible();
  });

  it('closes with Escape', async () => {
    const { user, onClose } = await renderBox('');
    await user.type(screen.getByLabelText('Search in the output'), '{Escape}');
    expect(onClose).toHaveBeenCalled();
  });
});
