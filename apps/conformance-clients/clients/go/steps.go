package main

import (
	"fmt"
	"os"
	"reflect"
	"runtime/debug"
	"strings"
)

// stepFailed ends a chapter: what follows needs the step that failed.
type stepFailed struct{}

// step tells the runner what happened: `ok NAME` or `not ok NAME: why`.
func step(name string, body func()) {
	defer func() {
		if problem := recover(); problem != nil {
			fmt.Printf("not ok %s: %s\n", name, strings.Join(strings.Fields(fmt.Sprint(problem)), " "))
			debug.PrintStack()
			panic(stepFailed{})
		}
		fmt.Println("ok", name)
	}()
	body()
}

// run runs every chapter, also after one that failed, and ends the process.
func run(chapters ...func()) {
	exitCode := 0
	for _, chapter := range chapters {
		func() {
			defer func() {
				problem := recover()
				if problem == nil {
					return
				}
				if _, known := problem.(stepFailed); !known {
					panic(problem)
				}
				exitCode = 1
			}()
			chapter()
		}()
	}
	os.Exit(exitCode)
}

// must gives the answer of a call that has to succeed.
func must[T any](answer T, err error) T {
	if err != nil {
		panic(err)
	}
	return answer
}

func equal(got, expected any) {
	if !reflect.DeepEqual(got, expected) {
		panic(fmt.Sprintf("expected %#v, got %#v", expected, got))
	}
}

func assert(holds bool, format string, values ...any) {
	if !holds {
		panic(fmt.Sprintf(format, values...))
	}
}

// using says which version of a module really runs.
func using(path string) {
	build, _ := debug.ReadBuildInfo()
	for _, module := range build.Deps {
		if module.Path == path {
			fmt.Println("using", strings.TrimPrefix(path, "github.com/aws/"), module.Version)
		}
	}
}
