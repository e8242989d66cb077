using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Training.Tuning;

namespace FocalSharp.Training.Tests.Tuning;

public sealed class ClassMatchesTests
{
    private const int Person = 0;
    private const int Car = 1;
    private const int Cup = 2;
    private static readonly string[] PretrainedClasses = ["person", "car", "cup"];
    private static readonly Box Left = new(10, 10, 60, 60);
    private static readonly Box Right = new(100, 10, 180, 90);

    [Fact]
    public void A_class_is_matched_with_the_class_that_detects_it_best()
    {
        // The cup is surer, but finds one of the two: precision 1 up to recall 1/2, that is 51 of the 101 recalls, against all of them.
        ClassMatch found = Find(
            ["automobile"],
            [CreateGroundTruth(0, Left), CreateGroundTruth(0, Right)],
            [CreateDetections(Car, Left, 0.5f), CreateDetections(Car, Right, 0.4f), CreateDetections(Cup, Left, 0.95f)])[0];

        Assert.Equal(("automobile", "car"), (found.ClassName, found.MatchedClass));
        Assert.Equal(1, found.AP50, 1e-9);
    }

    [Fact]
    public void The_precision_is_that_of_the_class_s_own_objects()
    {
        ClassMatch found = Find(["automobile"], [CreateGroundTruth(0, Left), CreateGroundTruth(0, Right)], [CreateDetections(Cup, Left, 0.95f)])[0];

        Assert.Equal("cup", found.MatchedClass);
        Assert.Equal(51 / 101d, found.AP50, 1e-6);
    }

    [Fact]
    public void The_same_name_is_the_match_even_if_another_class_detects_more()
    {
        ClassMatch found = Find(["CUP"], [CreateGroundTruth(0, Left), CreateGroundTruth(0, Right)], [CreateDetections(Cup, Left, 0.2f), CreateDetections(Car, Left, 0.9f), CreateDetections(Car, Right, 0.9f)])[0];

        Assert.Equal("cup", found.MatchedClass);
        Assert.Equal(51 / 101d, found.AP50, 1e-6);
    }

    [Fact]
    public void Each_class_is_evaluated_on_its_own_objects()
    {
        IReadOnlyList<ClassMatch> found = Find(
            ["human", "automobile", "never seen"],
            [CreateGroundTruth(0, Left), CreateGroundTruth(1, Right)],
            [CreateDetections(Person, Left, 0.9f), CreateDetections(Car, Right, 0.8f), CreateDetections(Cup, new Box(0, 0, 5, 5), 0.9f)]);

        Assert.Equal(["person", "car", null], found.Select(one => one.MatchedClass));
        Assert.Equal([1, 1, 0], found.Select(one => Math.Round(one.AP50, 6)));
    }

    [Fact]
    public void Crowds_are_ignored()
    {
        ClassMatch found = Find(["human"], [CreateGroundTruth(0, Left) with { IsCrowd = true }], [CreateDetections(Person, Left, 0.9f)])[0];

        Assert.Equal(new ClassMatch("human", null, 0), found);
    }

    [Fact]
    public void Every_image_must_have_its_detections() =>
        Assert.Throws<ArgumentException>(() => ClassMatches.Find(Data(["human"], []), [], PretrainedClasses));

    [Fact]
    public void Detections_get_the_labels_of_the_classes_that_they_match()
    {
        Detection[] found = [CreateDetections(Car, Left, 0.9f), CreateDetections(Person, Right, 0.8f), CreateDetections(Cup, Left, 0.7f)];

        IReadOnlyList<Detection> translated = ClassMatches.Translate(
            [found], [new ClassMatch("novelty", null, 0), new ClassMatch("van", "car", 0.5), new ClassMatch("truck", "car", 0.4), new ClassMatch("mug", "cup", 0.3)], PretrainedClasses)[0];

        Assert.Equal([(1, 0.9f), (2, 0.9f), (3, 0.7f)], translated.Select(one => (one.Label, one.Score)));
    }

    private static IReadOnlyList<ClassMatch> Find(string[] classes, ObjectAnnotation[] objects, Detection[] detections) =>
        ClassMatches.Find(Data(classes, objects), [detections], PretrainedClasses);

    private static DetectionDataset Data(string[] classes, ObjectAnnotation[] objects) => new()
    {
        Name = "test",
        Classes = classes,
        CategoryIds = [.. Enumerable.Range(1, classes.Length)],
        Images = [new DatasetImage { Id = 1, FileName = "1.jpg", Path = "1.jpg", Width = 200, Height = 100, Objects = [.. objects.Select((one, i) => one with { Id = i + 1 })] }],
    };

    private static ObjectAnnotation CreateGroundTruth(int label, Box box) => new() { Label = label, Box = box, Area = (box.X2 - box.X1) * (double)(box.Y2 - box.Y1) };

    private static Detection CreateDetections(int label, Box box, float score) => new(box, label, score, default);
}
