import { useResolvedPath } from 'react-router-dom';

/** The addresses of the inner tabs, wherever the app has put the tab. */
export interface TabPaths {
  request: string;
  approvals: string;
  terminal: string;
}

export const SUB_PATHS = { approvals: 'approvals', terminal: 'terminal' };

export function useTabPaths(): TabPaths {
  const base = useResolvedPath('.').pathname.replace(/\/$/, '');
  return {
    request: base,
    approvals: `${base}/${SUB_PATHS.approvals}`,
    terminal: `${base}/${SUB_PATHS.terminal}`,
  };
}
