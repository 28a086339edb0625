import numpy
import pandas
import streamlit

streamlit.title("Dashboard")
streamlit.table(pandas.DataFrame(numpy.random.rand(5, 3), columns=["north", "middle", "south"]))
