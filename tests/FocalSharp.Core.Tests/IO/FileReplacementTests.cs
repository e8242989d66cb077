using FocalSharp.IO;

namespace FocalSharp.Core.Tests.IO;

// Windows is played by a rename that fails as Windows' does.
public sealed class FileReplacementTests
{
    private const int SharingViolation = unchecked((int)0x80070020);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    public void On_windows_a_target_that_is_open_is_replaced_once_it_is_closed(int failures)
    {
        List<TimeSpan> waits = [];
        int calls = 0;
        FileReplacement replacement = new(
            (_, _) =>
            {
                if (calls++ < failures)
                {
                    throw calls % 2 == 0 ? new UnauthorizedAccessException("denied") : new IOException("in use", SharingViolation);
                }
            },
            waits.Add);

        replacement.Run("a", "b", isWindows: true);

        Assert.Equal(failures + 1, calls);
        Assert.Equal(Enumerable.Range(0, failures).Select(i => TimeSpan.FromMilliseconds(10 << i)), waits);
    }

    [Fact]
    public void A_target_that_stays_open_is_reported_after_three_seconds()
    {
        TimeSpan waited = TimeSpan.Zero;
        FileReplacement replacement = new((_, _) => throw new IOException("in use", SharingViolation), time => waited += time);

        Assert.Equal("in use", Assert.Throws<IOException>(() => replacement.Run("a", "b", isWindows: true)).Message);
        Assert.InRange(waited.TotalSeconds, 1, 3);
    }

    [Fact]
    public void Other_errors_and_other_systems_do_not_wait()
    {
        FileReplacement full = new((_, _) => throw new IOException("disk full", unchecked((int)0x80070070)), _ => Assert.Fail("waited"));
        FileReplacement open = new((_, _) => throw new IOException("in use", SharingViolation), _ => Assert.Fail("waited"));

        Assert.Throws<IOException>(() => full.Run("a", "b", isWindows: true));
        Assert.Throws<IOException>(() => open.Run("a", "b", isWindows: false));
    }
}
