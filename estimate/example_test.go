package estimate_test

import (
	"context"
	"fmt"

	"homeward/estimate"
)

// Two lists of a camp: 60 people are on both.
func ExampleEstimate() {
	t, err := estimate.NewTable([]string{"relatives", "prison"}, map[estimate.Pattern]int64{
		0b01: 140, // on the relatives' list alone
		0b10: 90,  // on the prison's alone
		0b11: 60,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := estimate.Estimate(context.Background(), t, estimate.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s: %.0f (%.0f to %.0f), of whom %d are on the lists\n",
		r.Headline.Kind, r.Headline.Point, r.Headline.Low, r.Headline.High, r.N)
	fmt.Println(r.Headline.Reason.Text)
	// Output:
	// estimate: 497 (431 to 593), of whom 290 are on the lists
	// two lists give one number by Chapman's formula; whether the lists depend on each other cannot be tested with two
}

// A list that shares nobody with the others says nothing about them.
func ExampleEstimate_refused() {
	t, err := estimate.NewTable([]string{"A", "B", "C"}, map[estimate.Pattern]int64{0b001: 40, 0b010: 30, 0b100: 20, 0b011: 6})
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := estimate.Estimate(context.Background(), t, estimate.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Headline.Kind)
	fmt.Println(r.Headline.Reason.Text)
	// Output:
	// refused
	// not enough overlap to estimate: some lists share nobody with the others: C; without these 76 people are left and 20 are lost
}
