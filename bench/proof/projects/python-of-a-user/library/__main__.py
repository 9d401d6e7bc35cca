from library import books

print(books()["books"])
