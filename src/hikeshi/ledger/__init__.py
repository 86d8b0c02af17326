"""The spine: every act is a fact, appended in the transaction of the change it describes, chained by hash."""
