"""The owner's rules as data, and the decision: which channel, at what hour, and why; or why nothing is said.

`decide` is pure and total. Some rules can never be edited away: no call outside of the delivery stage unless a person
marked the matter as urgent, no call in quiet hours, no channel that the customer refused, no promotion without
consent. Transactional words may wait; they never vanish.
"""
