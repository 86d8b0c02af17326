"""Chat tools as the desk knows them: which are connected, who is who there, a room per incident, marked messages."""
