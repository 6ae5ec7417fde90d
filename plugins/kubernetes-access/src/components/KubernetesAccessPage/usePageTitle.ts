import { configApiRef, useApi } from '@backstage/core-plugin-api';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { useEffect } from 'react';
import { matchPath, useLocation, useResolvedPath } from 'react-router-dom';
import {
  clustersRouteRef,
  historyRouteRef,
  liveRouteRef,
  mineRouteRef,
  requestRouteRef,
  terminalRouteRef,
} from '../../routes';
import { kubernetesAccessTranslationRef } from '../../translation';

const PAGES = [
  ['/', 'toDecide'],
  [mineRouteRef.path, 'mine'],
  [liveRouteRef.path, 'live'],
  [historyRouteRef.path, 'history'],
  [clustersRouteRef.path, 'clusters'],
  [terminalRouteRef.path, 'terminal'],
  [requestRouteRef.path, 'request'],
] as const;

/** Where one is, for the window's title: `History · Kubernetes access`. */
export function usePageTitle(): string {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const { pathname } = useLocation();
  const root = useResolvedPath('.').pathname.replace(/\/$/, '');
  const page = PAGES.find(([path]) =>
    matchPath({ path: `${root}${path}`, end: true }, pathname),
  );
  const title = t('page.title');
  return page
    ? t('page.titleOf', { page: t(`page.${page[1]}`), title })
    : title;
}

/** Gives the window a title where the page's header does not: in the new front-end system. */
export function useWindowTitle(title: string): void {
  const appTitle =
    useApi(configApiRef).getOptionalString('app.title') ?? 'Backstage';
  useEffect(() => {
    const before = document.title;
    document.title = `${title} | ${appTitle}`;
    return () => {
      document.title = before;
    };
  }, [title, appTitle]);
}
