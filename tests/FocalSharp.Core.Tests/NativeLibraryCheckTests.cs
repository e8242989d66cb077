namespace FocalSharp.Core.Tests;

public sealed class NativeLibraryCheckTests
{
    [Fact]
    public void A_missing_library_is_one_sentence_with_the_way_out()
    {
        DllNotFoundException cause = new("Unable to load shared library 'libx' or one of its dependencies.\n/a/libx.so: cannot open\n/b/libx.so: cannot open");
        int loads = 0;
        NativeLibraryCheck check = new("X's native library (libx)", "Add the package X.", () =>
        {
            loads++;
            throw new TypeInitializationException("X.Api", cause);
        });

        PlatformException error = Assert.Throws<PlatformException>(check.EnsureLoaded);

        Assert.Equal("X's native library (libx) cannot be loaded: Unable to load shared library 'libx' or one of its dependencies. Add the package X.", error.Message);
        Assert.Equal(error.Message, check.Problem);
        Assert.Throws<PlatformException>(check.EnsureLoaded);
        Assert.Equal(1, loads);
    }

    [Fact]
    public void A_platform_without_binaries_is_the_reason_where_the_library_does_not_load()
    {
        string problem = SupportedPlatforms.GetProblem("linux-musl-x64")!;

        Assert.Equal(problem, new NativeLibraryCheck("X", "Add it.", () => throw new DllNotFoundException("X"), () => problem).Problem);
        Assert.Null(new NativeLibraryCheck("X", "Add it.", () => { }, () => problem).Problem); // a build of one's own
    }

    [Fact]
    public void A_library_that_loads_has_no_problem()
    {
        NativeLibraryCheck check = new("X", "", () => { });

        check.EnsureLoaded();

        Assert.Null(check.Problem);
    }

    [Fact]
    public void Other_errors_are_not_explained_away() =>
        Assert.Throws<ArgumentException>(new NativeLibraryCheck("X", "", () => throw new ArgumentException("bug")).EnsureLoaded);
}
