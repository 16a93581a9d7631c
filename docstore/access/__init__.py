"""Who somebody is and what their role allows in general; knows nothing of cases."""
