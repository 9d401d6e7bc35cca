import Waves from '@mui/icons-material/Waves';
import { Alert, AppBar, CircularProgress, Container, Toolbar, Typography } from '@mui/material';
import { Route, Routes } from 'react-router-dom';
import { HarbourList } from './components/HarbourList';
import { HarbourPage } from './components/HarbourPage';
import { useHarbours } from './feed';

export function App() {
  const { data, error, isPending } = useHarbours();
  return (
    <>
      <AppBar position="static">
        <Toolbar>
          <Waves sx={{ mr: 2 }} />
          <Typography variant="h6">Next high water</Typography>
        </Toolbar>
      </AppBar>
      <Container sx={{ py: 3 }}>
        {isPending && <CircularProgress />}
        {error && <Alert severity="error">{error.message}</Alert>}
        {data && (
          <Routes>
            <Route path="/" element={<HarbourList harbours={data} />} />
            <Route path="/:id" element={<HarbourPage harbours={data} />} />
          </Routes>
        )}
      </Container>
    </>
  );
}
