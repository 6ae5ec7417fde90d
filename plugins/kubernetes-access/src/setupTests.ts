import '@testing-library/jest-dom';
import { configure } from '@testing-library/react';

// Rendering a whole page takes its time on a busy machine. A test that passes does not wait for these.
configure({ asyncUtilTimeout: 10_000 });
jest.setTimeout(60_000);
