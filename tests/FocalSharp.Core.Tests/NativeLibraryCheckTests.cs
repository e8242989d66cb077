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
