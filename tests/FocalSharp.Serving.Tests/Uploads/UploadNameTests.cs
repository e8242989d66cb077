using FocalSharp.Serving.Uploads;

namespace FocalSharp.Serving.Tests.Uploads;

public sealed class UploadNameTests
{
    [Theory]
    [InlineData("photo.jpg", "photo.jpg")]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("C:\\Windows\\win.ini", "win.ini")]
    [InlineData("\"quoted.png\"", "quoted.png")]
    [InlineData("line\r\nbreak\u001b[31m.jpg", "linebreak[31m.jpg")]
    [InlineData("right\u202Egpj.exe", "rightgpj.exe")]
    [InlineData("Übung 日本.png", "Übung 日本.png")]
    [InlineData("..", "image 1")]
    [InlineData("a/", "image 1")]
    [InlineData("   ", "image 1")]
    [InlineData(null, "image 1")]
    public void Only_the_last_segment_is_shown_and_nothing_that_moves_a_cursor(string? sent, string shown) =>
        Assert.Equal(shown, UploadName.GetDisplayName(sent, "image 1"));

    [Fact]
    public void Long_names_are_cut() => Assert.Equal(100, UploadName.GetDisplayName(new string('a', 5000), "x").Length);
}
