print("corpusd")
