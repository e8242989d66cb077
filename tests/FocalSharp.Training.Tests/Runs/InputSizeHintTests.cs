using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Training.Recipes;
using FocalSharp.Training.Runs;

namespace FocalSharp.Training.Tests.Runs;

public sealed class InputSizeHintTests
{
    // Two strides of 8 are wanted: 16 px across.
    private static readonly Recipe Lite = RecipeBook.Load("gfl-lite");

    [Fact]
    public void Objects_of_two_strides_and_more_need_no_hint() => Assert.Null(InputSizeHint.Create(Squares(side: 40, image: 640), Lite));

    [Fact]
    public void Small_objects_are_reported_with_a_larger_input_and_its_cost()
    {
        // 24 px of 960 are 8 px across at 320 px, and 16 at 640, which has four times the pixels.
        string? hint = InputSizeHint.Create(Squares(side: 24, image: 960), Lite);

        Assert.Contains("smaller than 8 px at an input of 320 px", hint, StringComparison.Ordinal);
        Assert.Contains("An input of 640 px", hint, StringComparison.Ordinal);
        Assert.Contains("4 times as long", hint, StringComparison.Ordinal);
    }

    [Fact]
    public void An_input_larger_than_the_images_is_not_recommended() => Assert.Null(InputSizeHint.Create(Squares(side: 8, image: 320), Lite));

    private static DetectionDataset Squares(int side, int image) => new()
    {
        Name = "squares",
        Classes = ["square"],
        CategoryIds = [1],
        Images =
        [
            .. Enumerable.Range(0, 10).Select(i => new DatasetImage
            {
                Id = i,
                FileName = $"{i}.jpg",
                Path = $"{i}.jpg",
                Width = image,
                Height = image,
                Split = DatasetSplit.Train,
                Objects = [new ObjectAnnotation { Label = 0, Box = new Box(10, 10, 10 + side, 10 + side), Area = side * side }],
            }),
        ],
    };
}
